// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <vector>

namespace jwtctl {

/// LazySlots holds values of T that are made when they are first asked for, by whichever thread
/// comes first, and never change or move afterwards. Two threads that come at once both make one;
/// the second is thrown away, so `make` must have no other effect.
template <class T>
class LazySlots {
 public:
  explicit LazySlots(std::size_t size) : slots_(size) {}
  ~LazySlots() {
    for (auto& slot : slots_) delete slot.load(std::memory_order_relaxed);
  }
  LazySlots(const LazySlots&) = delete;
  LazySlots& operator=(const LazySlots&) = delete;

  /// get returns the value of `slot`, which is less than the size.
  template <class Make>
  const T& get(std::size_t slot, Make make) const {
    if (const T* known = slots_[slot].load(std::memory_order_acquire)) return *known;
    auto made = std::make_unique<const T>(make());
    const T* first = nullptr;
    if (!slots_[slot].compare_exchange_strong(first, made.get(), std::memory_order_acq_rel)) {
      return *first;
    }
    return *made.release();
  }

 private:
  mutable std::vector<std::atomic<const T*>> slots_;
};

}  // namespace jwtctl
