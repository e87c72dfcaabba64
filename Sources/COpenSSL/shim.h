#pragma once
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/sha.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

/* Linux calls that Swift's Glibc module leaves out. */
#include <sys/epoll.h>
#include <sys/eventfd.h>

struct sockaddr;
int accept4(int socket, struct sockaddr *address, unsigned int *length, int flags);

/* Macros, which Swift does not import. */
static inline long copenssl_set_groups(SSL_CTX *context, const char *list) {
  return SSL_CTX_set1_groups_list(context, list);
}

static const uint64_t SSL_OP_NO_COMPRESSION_ = SSL_OP_NO_COMPRESSION;
static const uint64_t SSL_OP_NO_RENEGOTIATION_ = SSL_OP_NO_RENEGOTIATION;
static const uint64_t SSL_OP_CIPHER_SERVER_PREFERENCE_ = SSL_OP_CIPHER_SERVER_PREFERENCE;
