# What makes a fault of memory end the program instead of serving an attacker. Each is used where compiler and linker
# have it.
include(CheckCXXCompilerFlag)
include(CheckCXXSourceCompiles)
include(CheckLinkerFlag)
include(CheckPIESupported)

# Position independent: compiled so (the property), and linked so where the linker can.
check_pie_supported(OUTPUT_VARIABLE pie_output LANGUAGES CXX)
if(NOT CMAKE_CXX_LINK_PIE_SUPPORTED)
  message(STATUS "no position independent executable: ${pie_output}")
endif()
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

# jwtctl_harden gives `target`, an interface, all of it.
function(jwtctl_harden target)
  # -Werror: some compilers only warn of a flag that the processor knows nothing of.
  set(CMAKE_REQUIRED_FLAGS -Werror)
  foreach(flag -fstack-protector-strong -fstack-clash-protection -fcf-protection=full
      -mbranch-protection=standard)
    string(MAKE_C_IDENTIFIER "HAVE${flag}" have)
    check_cxx_compiler_flag(${flag} ${have})
    if(${have})
      target_compile_options(${target} INTERFACE ${flag})
    endif()
  endforeach()
  unset(CMAKE_REQUIRED_FLAGS)

  foreach(flag -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack)
    string(MAKE_C_IDENTIFIER "HAVE${flag}" have)
    check_linker_flag(CXX ${flag} ${have})
    if(${have})
      target_link_options(${target} INTERFACE ${flag})
    endif()
  endforeach()

  # Containers check their bounds. Only libstdc++ reads it.
  target_compile_options(${target} INTERFACE -U_GLIBCXX_ASSERTIONS -D_GLIBCXX_ASSERTIONS)

  # The third level sees sizes that are known at run time; older compilers fall back with a warning of libc, which the
  # check would not see. Without optimisation there is nothing to fortify, and libc warns of that too.
  check_cxx_source_compiles("
    #if defined(__clang__) ? __clang_major__ < 12 : __GNUC__ < 12
    #error
    #endif
    int main() {}" JWTCTL_FORTIFY_3)
  set(level $<IF:$<BOOL:${JWTCTL_FORTIFY_3}>,3,2>)
  set(optimised $<NOT:$<CONFIG:Debug,>>)
  target_compile_options(${target} INTERFACE
    $<${optimised}:-U_FORTIFY_SOURCE> $<${optimised}:-D_FORTIFY_SOURCE=${level}>)
endfunction()
