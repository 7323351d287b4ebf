# nube_add_driver(NAME SOURCES...): a loadable driver that needs only libnube and libc.
function(nube_module target dir)
  nube_warnings(${target})
  set_target_properties(${target} PROPERTIES PREFIX "" LIBRARY_OUTPUT_DIRECTORY "${dir}")
  target_link_options(${target} PRIVATE LINKER:-z,now LINKER:-z,relro LINKER:-z,nodelete)
  # clang's sanitizer runtimes are not there to link modules against.
  if(NOT NUBE_SANITIZE OR CMAKE_C_COMPILER_ID STREQUAL "GNU")
    target_link_options(${target} PRIVATE LINKER:-z,defs)
  endif()
endfunction()

function(nube_add_driver name)
  add_library(${name} MODULE ${ARGN})
  set_property(GLOBAL APPEND PROPERTY NUBE_DRIVERS ${name})
  target_link_libraries(${name} PRIVATE nube)
  nube_module(${name} "${PROJECT_BINARY_DIR}/lib/nube/0/drivers")
  install(TARGETS ${name} LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}/nube/0/drivers")
endfunction()
