/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * cascade.c: renders frames of formant parameters to 16-bit samples.
 */

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "kernels.h"

#define PI 3.14159265358979323846f

typedef struct {
  float duration;   /* seconds */
  float pitch;      /* Hz */
  float voice;      /* gain of the voiced excitation */
  float noise;      /* gain of the noise */
  int   formants;
  float frequency[MAX_FORMANTS]; /* Hz */
  float bandwidth[MAX_FORMANTS]; /* Hz */
} Frame;

typedef struct {
  float    phase; /* of the glottal cycle, 0 to 1 */
  uint32_t random;
} Source;

static void
coefficients (const Frame *frame, int f, float rate, float *a, float *b, float *c)
{
  float r = expf (-PI * frame->bandwidth[f] / rate);

  *c = -r * r;
  *b = 2.0f * r * cosf (2.0f * PI * frame->frequency[f] / rate);
  *a = 1.0f - *b - *c;
}

/* A glottal pulse after Rosenberg (1971): rises, falls faster, stays closed. */
static float
glottal_flow (float phase)
{
  const float rise = 0.40f, fall = 0.16f;

  if (phase < rise)
    return 0.5f * (1.0f - cosf (PI * phase / rise));
  if (phase < rise + fall)
    return cosf (0.5f * PI * (phase - rise) / fall);
  return 0.0f;
}

static float
excitation (Source *source, const Frame *from, const Frame *to, float t, float rate)
{
  float pitch = from->pitch + t * (to->pitch - from->pitch);
  float voice = from->voice + t * (to->voice - from->voice);
  float noise = from->noise + t * (to->noise - from->noise);
  float before = glottal_flow (source->phase);

  source->phase += pitch / rate;
  source->phase -= floorf (source->phase);
  source->random = source->random * 1664525u + 1013904223u;
  /* The difference of the flow is what the lips radiate. */
  return voice * (glottal_flow (source->phase) - before) * 4.0f +
         noise * ((float) (source->random >> 8) / 8388608.0f - 1.0f);
}

static int
parse_frame (PyObject *item, Frame *frame)
{
  PyObject *formants;

  memset (frame, 0, sizeof *frame);
  if (!PyArg_ParseTuple (item, "ffffO!;a frame is (seconds, pitch, voice, noise, ((frequency, bandwidth), ...))",
                         &frame->duration, &frame->pitch, &frame->voice, &frame->noise, &PyTuple_Type, &formants))
    return 0;
  frame->formants = (int) PyTuple_GET_SIZE (formants);
  if (frame->formants < 1 || frame->formants > MAX_FORMANTS)
    {
      PyErr_Format (PyExc_ValueError, "a frame has 1 to %d formants, not %d", MAX_FORMANTS, frame->formants);
      return 0;
    }
  if (!(frame->duration >= 0.0f && frame->duration <= 60.0f))
    {
      PyErr_SetString (PyExc_ValueError, "a frame lasts 0 to 60 seconds");
      return 0;
    }
  for (int f = 0; f < frame->formants; f++)
    if (!PyArg_ParseTuple (PyTuple_GET_ITEM (formants, f), "ff;a formant is (frequency, bandwidth)",
                           &frame->frequency[f], &frame->bandwidth[f]))
      return 0;
  return 1;
}

/* From one frame's values to the next's, in the longest blocks that fit. */
static void
render_frame (Source *source, Cascade *cascade, const Frame *from, const Frame *to, float *out, int samples, float rate)
{
  int formants = from->formants;

  for (int f = 0; f < formants; f++)
    {
      float a, b, c;
      coefficients (from, f, rate, &cascade->a[f], &cascade->b[f], &cascade->c[f]);
      coefficients (to, f, rate, &a, &b, &c);
      cascade->da[f] = (a - cascade->a[f]) / (float) samples;
      cascade->db[f] = (b - cascade->b[f]) / (float) samples;
      cascade->dc[f] = (c - cascade->c[f]) / (float) samples;
    }
  for (int n = 0; n < samples; n++)
    out[n] = excitation (source, from, to, (float) n / (float) samples, rate);
  for (int n = 0, row = 0; n < samples;)
    {
      while (block_lengths[row] > samples - n)
        row++;
      kernels[row][formants - 1](cascade, out + n);
      n += block_lengths[row];
    }
}

static PyObject *
render (PyObject *self, PyObject *arguments)
{
  PyObject *frames, *result = NULL;
  int rate;
  unsigned int seed = 1;

  (void) self;
  if (!PyArg_ParseTuple (arguments, "O!i|I", &PyList_Type, &frames, &rate, &seed))
    return NULL;
  if (rate < 8000 || rate > 96000)
    return PyErr_Format (PyExc_ValueError, "the sample rate is 8000 to 96000, not %d", rate);

  Py_ssize_t count = PyList_GET_SIZE (frames), total = 0, longest = 1;
  Frame *parsed = PyMem_Calloc ((size_t) count + 1, sizeof *parsed);
  if (parsed == NULL)
    return PyErr_NoMemory ();
  for (Py_ssize_t i = 0; i < count; i++)
    {
      if (!parse_frame (PyList_GET_ITEM (frames, i), &parsed[i]))
        goto done;
      if (parsed[i].formants != parsed[0].formants)
        {
          PyErr_SetString (PyExc_ValueError, "all frames have the same number of formants");
          goto done;
        }
      Py_ssize_t samples = (Py_ssize_t) (parsed[i].duration * (float) rate);
      total += samples;
      longest = samples > longest ? samples : longest;
    }

  result = PyBytes_FromStringAndSize (NULL, total * 2);
  float *buffer = PyMem_Malloc ((size_t) longest * sizeof *buffer);
  if (result == NULL || buffer == NULL)
    {
      PyMem_Free (buffer);
      Py_CLEAR (result);
      PyErr_NoMemory ();
      goto done;
    }

  Source source = { 0.0f, seed };
  Cascade cascade = { 0 };
  int16_t *to = (int16_t *) PyBytes_AS_STRING (result);
  for (Py_ssize_t i = 0; i < count; i++)
    {
      int samples = (int) (parsed[i].duration * (float) rate);
      if (samples == 0)
        continue;
      render_frame (&source, &cascade, &parsed[i], &parsed[i + 1 < count ? i + 1 : i], buffer, samples, (float) rate);
      for (int n = 0; n < samples; n++)
        {
          float sample = buffer[n] * 8000.0f;
          *to++ = (int16_t) (sample > 32767.0f ? 32767.0f : sample < -32768.0f ? -32768.0f : sample);
        }
    }
  PyMem_Free (buffer);

done:
  PyMem_Free (parsed);
  return result;
}

static PyMethodDef methods[] = {
  { "render", render, METH_VARARGS,
    "render(frames, rate, seed=1) -> bytes\n\nRenders frames, a list of (seconds, pitch, voice, noise, ((frequency, "
    "bandwidth), ...)),\nto little-endian 16-bit samples, gliding from each frame to the next." },
  { NULL, NULL, 0, NULL },
};

static struct PyModuleDef module = { PyModuleDef_HEAD_INIT, "_cascade", NULL, -1, methods, NULL, NULL, NULL, NULL };

PyMODINIT_FUNC
PyInit__cascade (void)
{
  PyObject *made = PyModule_Create (&module);

  if (made == NULL)
    return NULL;
  PyModule_AddIntMacro (made, MAX_FORMANTS);
  PyModule_AddStringConstant (made, "__version__", FORMANT_DSP_VERSION);
  return made;
}
