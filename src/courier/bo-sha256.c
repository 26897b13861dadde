/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "bo-sha256.h"

#include <string.h>

static const uint32_t k[64] = {
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
  0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
  0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
  0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
  0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
  0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
  0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
  0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

#if defined(__aarch64__) && defined(__ARM_NEON)

#include <arm_neon.h>
#include <sys/auxv.h>

#ifndef HWCAP_SHA2
#define HWCAP_SHA2 (1 << 6)
#endif

/* With the instructions that every Jetson has: ten times as fast. */
__attribute__ ((target ("+crypto"))) static void
take_blocks_by_instruction (uint32_t state[8], const uint8_t *data, size_t n_blocks)
{
  uint32x4_t abcd = vld1q_u32 (state);
  uint32x4_t efgh = vld1q_u32 (state + 4);

  for (; n_blocks > 0; n_blocks--, data += 64)
    {
      uint32x4_t abcd_before = abcd;
      uint32x4_t efgh_before = efgh;
      uint32x4_t w[4];

      for (int i = 0; i < 4; i++)
        w[i] = vreinterpretq_u32_u8 (vrev32q_u8 (vld1q_u8 (data + 16 * i)));
      for (int i = 0; i < 16; i++)
        {
          uint32x4_t sum = vaddq_u32 (w[i & 3], vld1q_u32 (k + 4 * i));
          uint32x4_t abcd_now = abcd;

          if (i < 12)
            w[i & 3] = vsha256su1q_u32 (vsha256su0q_u32 (w[i & 3], w[(i + 1) & 3]), w[(i + 2) & 3],
                                        w[(i + 3) & 3]);
          abcd = vsha256hq_u32 (abcd, efgh, sum);
          efgh = vsha256h2q_u32 (efgh, abcd_now, sum);
        }
      abcd = vaddq_u32 (abcd, abcd_before);
      efgh = vaddq_u32 (efgh, efgh_before);
    }
  vst1q_u32 (state, abcd);
  vst1q_u32 (state + 4, efgh);
}

static bool
has_instruction (void)
{
  return (getauxval (AT_HWCAP) & HWCAP_SHA2) != 0;
}

#else

static void
take_blocks_by_instruction (uint32_t state[8], const uint8_t *data, size_t n_blocks)
{
  (void) state;
  (void) data;
  (void) n_blocks;
}

static bool
has_instruction (void)
{
  return false;
}

#endif

static uint32_t
turn (uint32_t x, int n)
{
  return x >> n | x << (32 - n);
}

static void
take_blocks (uint32_t state[8], const uint8_t *data, size_t n_blocks)
{
  if (has_instruction ())
    {
      take_blocks_by_instruction (state, data, n_blocks);
      return;
    }
  for (; n_blocks > 0; n_blocks--, data += 64)
    {
      uint32_t w[64];
      uint32_t a = state[0], b = state[1], c = state[2], d = state[3];
      uint32_t e = state[4], f = state[5], g = state[6], h = state[7];

      for (int i = 0; i < 16; i++)
        w[i] = (uint32_t) data[4 * i] << 24 | (uint32_t) data[4 * i + 1] << 16
               | (uint32_t) data[4 * i + 2] << 8 | data[4 * i + 3];
      for (int i = 16; i < 64; i++)
        {
          uint32_t s0 = turn (w[i - 15], 7) ^ turn (w[i - 15], 18) ^ w[i - 15] >> 3;
          uint32_t s1 = turn (w[i - 2], 17) ^ turn (w[i - 2], 19) ^ w[i - 2] >> 10;

          w[i] = w[i - 16] + s0 + w[i - 7] + s1;
        }
      for (int i = 0; i < 64; i++)
        {
          uint32_t t1 = h + (turn (e, 6) ^ turn (e, 11) ^ turn (e, 25)) + ((e & f) ^ (~e & g)) + k[i] + w[i];
          uint32_t t2 = (turn (a, 2) ^ turn (a, 13) ^ turn (a, 22)) + ((a & b) ^ (a & c) ^ (b & c));

          h = g;
          g = f;
          f = e;
          e = d + t1;
          d = c;
          c = b;
          b = a;
          a = t1 + t2;
        }
      state[0] += a;
      state[1] += b;
      state[2] += c;
      state[3] += d;
      state[4] += e;
      state[5] += f;
      state[6] += g;
      state[7] += h;
    }
}

void
bo_sha256_init (BoSha256 *sum)
{
  static const uint32_t first[8]
      = { 0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19 };

  memcpy (sum->state, first, sizeof first);
  sum->length = 0;
}

void
bo_sha256_feed (BoSha256 *sum, const void *data, size_t length)
{
  const uint8_t *p = data;
  size_t have = sum->length % 64;

  if (length == 0)
    return;
  sum->length += length;
  if (have > 0)
    {
      size_t n = 64 - have < length ? 64 - have : length;

      memcpy (sum->block + have, p, n);
      p += n;
      length -= n;
      if (have + n < 64)
        return;
      take_blocks (sum->state, sum->block, 1);
    }
  take_blocks (sum->state, p, length / 64);
  if (length % 64 > 0)
    memcpy (sum->block, p + length / 64 * 64, length % 64);
}

void
bo_sha256_finish (BoSha256 *sum, uint8_t hash[BO_SHA256_SIZE])
{
  uint64_t bits = sum->length * 8;
  uint8_t rest[72] = { 0x80 };
  size_t padding = 64 - (size_t) ((sum->length + 8) % 64);

  for (int i = 0; i < 8; i++)
    rest[padding + (size_t) i] = (uint8_t) (bits >> (56 - 8 * i));
  bo_sha256_feed (sum, rest, padding + 8);
  for (int i = 0; i < 32; i++)
    hash[i] = (uint8_t) (sum->state[i / 4] >> (24 - 8 * (i % 4)));
}

void
bo_sha256_to_text (const uint8_t hash[BO_SHA256_SIZE], char text[2 * BO_SHA256_SIZE + 1])
{
  static const char digits[] = "0123456789abcdef";

  for (int i = 0; i < BO_SHA256_SIZE; i++)
    {
      text[2 * i] = digits[hash[i] >> 4];
      text[2 * i + 1] = digits[hash[i] & 15];
    }
  text[2 * BO_SHA256_SIZE] = '\0';
}

bool
bo_sha256_from_text (const char *text, size_t length, uint8_t hash[BO_SHA256_SIZE])
{
  if (length != 2 * BO_SHA256_SIZE)
    return false;
  for (size_t i = 0; i < length; i++)
    {
      char c = text[i];
      unsigned digit = 0;

      if (c >= '0' && c <= '9')
        digit = (unsigned) (c - '0');
      else if (c >= 'a' && c <= 'f')
        digit = (unsigned) (c - 'a') + 10;
      else
        return false;
      hash[i / 2] = (uint8_t) (i % 2 == 0 ? digit << 4 : hash[i / 2] | digit);
    }
  return true;
}
