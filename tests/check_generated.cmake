# The files under man/ and completions/ are what the binary renders.
set(fresh ${BUILD}/generated-check)
file(REMOVE_RECURSE ${fresh})
file(MAKE_DIRECTORY ${fresh}/man ${fresh}/completions)
execute_process(COMMAND ${JWTCTL} generate ${fresh} RESULT_VARIABLE status)
if(NOT status EQUAL 0)
  message(FATAL_ERROR "jwtctl generate failed: ${status}")
endif()
foreach(folder man completions)
  file(GLOB committed RELATIVE ${ROOT}/${folder} ${ROOT}/${folder}/*)
  file(GLOB rendered RELATIVE ${fresh}/${folder} ${fresh}/${folder}/*)
  list(APPEND committed ${rendered})
  list(REMOVE_DUPLICATES committed)
  foreach(name ${committed})
    execute_process(
      COMMAND ${CMAKE_COMMAND} -E compare_files ${ROOT}/${folder}/${name} ${fresh}/${folder}/${name}
      RESULT_VARIABLE differs)
    if(differs)
      message(SEND_ERROR "${folder}/${name} is not what jwtctl renders; "
        "mend it with: cmake --build --preset dev --target docs")
    endif()
  endforeach()
endforeach()
