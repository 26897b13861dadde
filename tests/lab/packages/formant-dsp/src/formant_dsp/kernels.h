/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Cascades of two-pole resonators, one function for each number of resonators
 * and each block length. With both known to the compiler the filter state
 * stays in registers and the loops are unrolled; that is what takes the time
 * when this package is compiled.
 *
 * Resonator: y[n] = a*x[n] + b*y[n-1] + c*y[n-2] (D. Klatt, "Software for a
 * cascade/parallel formant synthesizer", JASA 67, 1980).
 */
#pragma once

#define MAX_FORMANTS 8

typedef struct {
  float a[MAX_FORMANTS], b[MAX_FORMANTS], c[MAX_FORMANTS]; /* coefficients at the beginning of the block */
  float da[MAX_FORMANTS], db[MAX_FORMANTS], dc[MAX_FORMANTS]; /* their change a sample */
  float y1[MAX_FORMANTS], y2[MAX_FORMANTS]; /* the last two outputs */
} Cascade;

typedef void (*Kernel) (Cascade *cascade, float *samples);

#define KERNEL(FORMANTS, BLOCK)                                                  \
  static void kernel_##FORMANTS##_##BLOCK (Cascade *cascade, float *samples)     \
  {                                                                              \
    float a[FORMANTS], b[FORMANTS], c[FORMANTS], y1[FORMANTS], y2[FORMANTS];     \
    for (int f = 0; f < FORMANTS; f++)                                           \
      {                                                                          \
        a[f] = cascade->a[f];                                                    \
        b[f] = cascade->b[f];                                                    \
        c[f] = cascade->c[f];                                                    \
        y1[f] = cascade->y1[f];                                                  \
        y2[f] = cascade->y2[f];                                                  \
      }                                                                          \
    _Pragma ("GCC unroll 24")                                                    \
    for (int n = 0; n < BLOCK; n++)                                              \
      {                                                                          \
        float x = samples[n];                                                    \
        for (int f = 0; f < FORMANTS; f++)                                       \
          {                                                                      \
            float y = a[f] * x + b[f] * y1[f] + c[f] * y2[f];                    \
            y2[f] = y1[f];                                                       \
            y1[f] = y;                                                           \
            x = y;                                                               \
            a[f] += cascade->da[f];                                              \
            b[f] += cascade->db[f];                                              \
            c[f] += cascade->dc[f];                                              \
          }                                                                      \
        samples[n] = x;                                                          \
      }                                                                          \
    for (int f = 0; f < FORMANTS; f++)                                           \
      {                                                                          \
        cascade->a[f] = a[f];                                                    \
        cascade->b[f] = b[f];                                                    \
        cascade->c[f] = c[f];                                                    \
        cascade->y1[f] = y1[f];                                                  \
        cascade->y2[f] = y2[f];                                                  \
      }                                                                          \
  }

#define KERNELS(BLOCK)                                                           \
  KERNEL (1, BLOCK) KERNEL (2, BLOCK) KERNEL (3, BLOCK) KERNEL (4, BLOCK)        \
  KERNEL (5, BLOCK) KERNEL (6, BLOCK) KERNEL (7, BLOCK) KERNEL (8, BLOCK)

#define ROW(BLOCK)                                                               \
  { kernel_1_##BLOCK, kernel_2_##BLOCK, kernel_3_##BLOCK, kernel_4_##BLOCK,      \
    kernel_5_##BLOCK, kernel_6_##BLOCK, kernel_7_##BLOCK, kernel_8_##BLOCK }

KERNELS (1)
KERNELS (8)
KERNELS (16)
KERNELS (32)
KERNELS (64)
KERNELS (128)
KERNELS (256)
KERNELS (512)

static const int block_lengths[] = { 512, 256, 128, 64, 32, 16, 8, 1 };
static const Kernel kernels[][MAX_FORMANTS] = {
  ROW (512), ROW (256), ROW (128), ROW (64), ROW (32), ROW (16), ROW (8), ROW (1),
};
