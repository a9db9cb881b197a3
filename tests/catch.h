// SPDX-License-Identifier: Apache-2.0
// Catch2 v3 where it is installed, Debian 12's v2 otherwise.
#pragma once
#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
using Catch::Approx;  // as version 2 has it
#else
#include <catch2/catch.hpp>
#endif
