secret.o: fcgi-app/base/secret.h
