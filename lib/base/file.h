// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "lib/base/result.h"
#include "lib/base/secret.h"

namespace jwtctl {

/// read_fd reads `fd` to its end. `what` names the source in messages. More than `limit` bytes
/// fail with `key_refused`, which is the caller's to rename; a failed read fails with `input`.
Result<SecretBytes> read_fd(int fd, std::size_t limit, std::string_view what);

/// load_file reads a whole file with the limits of `read_fd`; a directory fails with `input`.
Result<SecretBytes> load_file(const std::string& path, std::size_t limit);

/// write_fd writes all of `bytes`. Fails with `broken_pipe` when the reader is gone, with
/// `output` on every other error.
Result<void> write_fd(int fd, std::string_view bytes, std::string_view what);

/// open_descriptor recognises the names of descriptors that are open already (`/dev/stdout`). They
/// are written to as they are: opening them anew would begin at the start of a redirected file.
std::optional<int> open_descriptor(std::string_view path);

/// is_stream says that `path` names something that is written to and not replaced: a descriptor
/// that is open already, a device, a FIFO.
bool is_stream(const std::string& path);

/// write_file puts `bytes` at `path`. A regular file, or one that does not exist yet, is replaced
/// atomically: whoever reads sees the old content or the new, whatever happens in between. Other
/// targets (a device, a FIFO) are opened and written. Fails with `output`, and then leaves an
/// existing file as it was.
Result<void> write_file(const std::string& path, std::string_view bytes);

}  // namespace jwtctl
