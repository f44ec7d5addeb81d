err.o: fcgi-app/base/err.h fcgi-app/base/err.def
fcgi-app/base/err.def:
