/*
 * Cleanup guards for the objects of OpenSSL, so that every return is a good exit. The types
 * themselves stay in pki's .c files: a file says GUARD(X509) once and then AUTO(X509) *x = NULL.
 */
#ifndef HALL_PKI_GUARD_H
#define HALL_PKI_GUARD_H

#define GUARD_WITH(type, free_one)           \
    static inline void type##_drop(type **p) \
    {                                        \
        free_one(*p);                        \
    }
#define GUARD(type) GUARD_WITH(type, type##_free)
#define AUTO(type)  __attribute__((cleanup(type##_drop))) type

#endif
