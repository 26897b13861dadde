/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A fuzz target is a file fuzz-NAME.c with LLVMFuzzerTestOneInput(). It is
 * linked twice: with libFuzzer, which makes up inputs (build-aux/fuzz), and with
 * bo-fuzz-replay.c, which plays those that are kept (every build, suite "unit").
 */

int LLVMFuzzerInitialize (int *argc, char ***argv);
int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* What must hold for every input: says what does not, and aborts. */
#define BO_FUZZ_CHECK(condition)                                                                             \
  do                                                                                                         \
    {                                                                                                        \
      if (!(condition))                                                                                      \
        bo_fuzz_fail (__FILE__, __LINE__, #condition);                                                       \
    }                                                                                                        \
  while (0)

_Noreturn void bo_fuzz_fail (const char *file, int line, const char *condition);

/*
 * Where an input is cut, when a reader must not care. The same input is always
 * cut in the same places; they differ from input to input, and single bytes
 * are as likely as long pieces.
 */
typedef struct
{
  uint64_t state;
} BoFuzzCuts;

void bo_fuzz_cuts_init (BoFuzzCuts *cuts, const uint8_t *data, size_t size);
size_t bo_fuzz_cuts_next (BoFuzzCuts *cuts, size_t left);

/* Takes bytes from the begin of an input for what is not the text under test: flags, lengths. */
uint8_t bo_fuzz_take (const uint8_t **data, size_t *size);
