/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * SHA-256 (FIPS 180-4), by which contents and recipes are named.
 */

#define BO_SHA256_SIZE 32

typedef struct
{
  uint32_t state[8];
  uint64_t length; /* bytes so far */
  uint8_t block[64];
} BoSha256;

void bo_sha256_init (BoSha256 *sum);
void bo_sha256_feed (BoSha256 *sum, const void *data, size_t length);
void bo_sha256_finish (BoSha256 *sum, uint8_t hash[BO_SHA256_SIZE]);

/* 64 lower-case hexadecimal digits, and back; false when @text is not just that. */
void bo_sha256_to_text (const uint8_t hash[BO_SHA256_SIZE], char text[2 * BO_SHA256_SIZE + 1]);
bool bo_sha256_from_text (const char *text, size_t length, uint8_t hash[BO_SHA256_SIZE]);
