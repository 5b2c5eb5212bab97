/* The peer of bench/idea.ts: GCRY_CIPHER_IDEA of libgcrypt in ECB mode, in place.
 * For each line "<bytes of a message> <milliseconds>" on its input it encrypts for about that long and answers with MB/s.
 * Build: cc -O2 libgcrypt.c -lgcrypt (Debian: libgcrypt20-dev). */
#include <gcrypt.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double now(void) {
  struct timespec at;
  clock_gettime(CLOCK_MONOTONIC, &at);
  return at.tv_sec * 1e3 + at.tv_nsec / 1e6;
}

int main(void) {
  static const unsigned char key[16] = {0x21, 0x51, 0xc5, 0x21, 0x12, 0x34, 0x5a, 0xbc, 0xde, 0xf7, 0x89, 0x0a, 0xbc, 0xde, 0xf0, 0x12};
  gcry_cipher_hd_t cipher;
  unsigned long length, milliseconds;
  const char *version = gcry_check_version(NULL);

  gcry_control(GCRYCTL_DISABLE_SECMEM, 0);
  gcry_control(GCRYCTL_INITIALIZATION_FINISHED, 0);
  if (gcry_cipher_open(&cipher, GCRY_CIPHER_IDEA, GCRY_CIPHER_MODE_ECB, 0) || gcry_cipher_setkey(cipher, key, sizeof key)) return 1;
  printf("libgcrypt %s\n", version);
  fflush(stdout);
  while (scanf("%lu %lu", &length, &milliseconds) == 2) {
    unsigned char *message = malloc(length);
    unsigned long calls = 0;
    double start, end;
    if (message == NULL) return 1;
    for (unsigned long at = 0; at < length; at++) message[at] = at * 31 + (at >> 8);
    start = now();
    do {
      for (unsigned long done = 0; done < 65536; done += length, calls++)
        if (gcry_cipher_encrypt(cipher, message, length, NULL, 0)) return 1;
      end = now();
    } while (end - start < milliseconds);
    printf("%.3f\n", calls * (double)length / 1e3 / (end - start));
    fflush(stdout);
    free(message);
  }
  return 0;
}
