#include "footfall/library.h"

#include <dlfcn.h>
#include <string.h>

enum ff_err ff_library_open(const char *name, const char *what,
                            const struct ff_library_function *functions,
                            size_t n_functions, void *table, struct ff_fault *fault)
{
    void *library = dlopen(name, RTLD_NOW | RTLD_LOCAL);
    if (!library)
        return ff_fault_set(fault, FF_ERR_IO,
                            "%s takes a library that cannot be opened: %s", what,
                            dlerror());
    for (size_t i = 0; i < n_functions; i++) {
        void *function = dlsym(library, functions[i].name);
        if (!function)
            return ff_fault_set(fault, FF_ERR_IO, "%s takes another version of %s: %s",
                                what, name, dlerror());
        memcpy((char *)table + functions[i].at, &function, sizeof function);
    }
    return FF_OK;
}
