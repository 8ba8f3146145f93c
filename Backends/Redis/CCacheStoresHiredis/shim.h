#ifndef CACHE_STORES_HIREDIS_SHIM_H
#define CACHE_STORES_HIREDIS_SHIM_H

// Only the codec is used. Its functions import as they are, in 0.14 and in 1.x.
#include <hiredis/hiredis.h>

#endif
