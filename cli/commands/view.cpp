// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/view.h"

namespace jwtctl::cli {

View make_view(const Globals& globals) {
  View view;
  view.now = Io::clock();
  if (globals.now) {
    view.now = globals.now->seen_from(view.now);
    view.now_given = true;
  }
  view.color = Io::use_color(globals);
  view.verbose = globals.verbose;
  view.offset = globals.local ? Io::local_offset : nullptr;
  return view;
}

}  // namespace jwtctl::cli
