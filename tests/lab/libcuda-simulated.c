/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * libcuda-simulated.c: the lab's stand-in for NVIDIA's libcuda.so.1.
 *
 * There is no GPU behind it. It says so in the device's name, which is the one
 * thing every probe prints. It carries out just enough of a kernel to be a fair
 * test of a probe: it reads the PTX text that it is given, finds the multiply-add
 * of the thread's index (`mad.lo.u32 %dst,%tid,FACTOR,ADDEND`), and stores that
 * for each thread. A probe that sends another kernel, launches other threads or
 * compares against other constants gets another result, as on real hardware.
 *
 * Function names, argument order and codes are those of NVIDIA's documented
 * driver API.
 */

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef int CUresult;
typedef int CUdevice;
typedef uint64_t CUdeviceptr;

enum {
  CUDA_SUCCESS = 0,
  CUDA_ERROR_INVALID_VALUE = 1,
  CUDA_ERROR_OUT_OF_MEMORY = 2,
  CUDA_ERROR_NOT_INITIALIZED = 3,
  CUDA_ERROR_INVALID_DEVICE = 101,
  CUDA_ERROR_INVALID_CONTEXT = 201,
  CUDA_ERROR_INVALID_PTX = 218,
  CUDA_ERROR_NOT_FOUND = 500,
};

#define DEVICE_NAME "SIMULATED GPU (Bakeoff lab)"
#define DRIVER_VERSION 12060
#define COMPUTE_MAJOR 8
#define COMPUTE_MINOR 7
#define ATTRIBUTE_MAJOR 75
#define ATTRIBUTE_MINOR 76

typedef struct {
  char     entry[64];
  uint32_t factor;
  uint32_t addend;
} Module;

static int initialised;
static int current_context;

static const struct {
  CUresult    code;
  const char *name;
  const char *text;
} errors[] = {
  { CUDA_SUCCESS, "CUDA_SUCCESS", "no error" },
  { CUDA_ERROR_INVALID_VALUE, "CUDA_ERROR_INVALID_VALUE", "invalid argument" },
  { CUDA_ERROR_OUT_OF_MEMORY, "CUDA_ERROR_OUT_OF_MEMORY", "out of memory" },
  { CUDA_ERROR_NOT_INITIALIZED, "CUDA_ERROR_NOT_INITIALIZED", "initialization error" },
  { CUDA_ERROR_INVALID_DEVICE, "CUDA_ERROR_INVALID_DEVICE", "invalid device ordinal" },
  { CUDA_ERROR_INVALID_CONTEXT, "CUDA_ERROR_INVALID_CONTEXT", "invalid device context" },
  { CUDA_ERROR_INVALID_PTX, "CUDA_ERROR_INVALID_PTX", "a PTX JIT compilation failed" },
  { CUDA_ERROR_NOT_FOUND, "CUDA_ERROR_NOT_FOUND", "named symbol not found" },
};

static const char *
look_up (CUresult code, int want_name)
{
  for (size_t i = 0; i < sizeof errors / sizeof *errors; i++)
    if (errors[i].code == code)
      return want_name ? errors[i].name : errors[i].text;
  return NULL;
}

CUresult
cuGetErrorName (CUresult code, const char **name)
{
  *name = look_up (code, 1);
  return *name ? CUDA_SUCCESS : CUDA_ERROR_INVALID_VALUE;
}

CUresult
cuGetErrorString (CUresult code, const char **text)
{
  *text = look_up (code, 0);
  return *text ? CUDA_SUCCESS : CUDA_ERROR_INVALID_VALUE;
}

CUresult
cuInit (unsigned int flags)
{
  if (flags != 0)
    return CUDA_ERROR_INVALID_VALUE;
  initialised = 1;
  return CUDA_SUCCESS;
}

CUresult
cuDriverGetVersion (int *version)
{
  *version = DRIVER_VERSION;
  return CUDA_SUCCESS;
}

CUresult
cuDeviceGetCount (int *count)
{
  if (!initialised)
    return CUDA_ERROR_NOT_INITIALIZED;
  *count = 1;
  return CUDA_SUCCESS;
}

CUresult
cuDeviceGet (CUdevice *device, int ordinal)
{
  if (!initialised)
    return CUDA_ERROR_NOT_INITIALIZED;
  if (ordinal != 0)
    return CUDA_ERROR_INVALID_DEVICE;
  *device = 0;
  return CUDA_SUCCESS;
}

CUresult
cuDeviceGetName (char *name, int length, CUdevice device)
{
  if (device != 0)
    return CUDA_ERROR_INVALID_DEVICE;
  snprintf (name, (size_t) length, "%s", DEVICE_NAME);
  return CUDA_SUCCESS;
}

CUresult
cuDeviceGetAttribute (int *value, int attribute, CUdevice device)
{
  if (device != 0)
    return CUDA_ERROR_INVALID_DEVICE;
  if (attribute != ATTRIBUTE_MAJOR && attribute != ATTRIBUTE_MINOR)
    return CUDA_ERROR_INVALID_VALUE;
  *value = attribute == ATTRIBUTE_MAJOR ? COMPUTE_MAJOR : COMPUTE_MINOR;
  return CUDA_SUCCESS;
}

CUresult
cuDevicePrimaryCtxRetain (void **context, CUdevice device)
{
  if (!initialised)
    return CUDA_ERROR_NOT_INITIALIZED;
  if (device != 0)
    return CUDA_ERROR_INVALID_DEVICE;
  *context = &current_context;
  return CUDA_SUCCESS;
}

CUresult
cuCtxSetCurrent (void *context)
{
  current_context = context == &current_context;
  return current_context ? CUDA_SUCCESS : CUDA_ERROR_INVALID_CONTEXT;
}

CUresult
cuModuleLoadData (void **module, const void *image)
{
  const char *text = image;
  const char *entry = strstr (text, ".visible .entry ");
  const char *mad = strstr (text, "mad.lo.u32 ");
  Module read = { 0 };

  if (!current_context)
    return CUDA_ERROR_INVALID_CONTEXT;
  if (strstr (text, ".version ") == NULL || strstr (text, ".target sm_") == NULL || strstr (text, "%tid.x") == NULL)
    return CUDA_ERROR_INVALID_PTX;
  if (entry == NULL || sscanf (entry, ".visible .entry %63[A-Za-z0-9_$]", read.entry) != 1)
    return CUDA_ERROR_INVALID_PTX;
  if (mad == NULL ||
      sscanf (mad, "mad.lo.u32 %%%*[a-z0-9] , %%%*[a-z0-9] , %u , %u ;", &read.factor, &read.addend) != 2)
    return CUDA_ERROR_INVALID_PTX;

  Module *copy = malloc (sizeof *copy);
  if (copy == NULL)
    return CUDA_ERROR_OUT_OF_MEMORY;
  *copy = read;
  *module = copy;
  return CUDA_SUCCESS;
}

CUresult
cuModuleGetFunction (void **function, void *module, const char *name)
{
  if (strcmp (((Module *) module)->entry, name) != 0)
    return CUDA_ERROR_NOT_FOUND;
  *function = module;
  return CUDA_SUCCESS;
}

CUresult
cuMemAlloc_v2 (CUdeviceptr *pointer, size_t length)
{
  if (!current_context)
    return CUDA_ERROR_INVALID_CONTEXT;
  void *memory = calloc (1, length);
  if (memory == NULL)
    return CUDA_ERROR_OUT_OF_MEMORY;
  *pointer = (CUdeviceptr) (uintptr_t) memory;
  return CUDA_SUCCESS;
}

CUresult
cuMemFree_v2 (CUdeviceptr pointer)
{
  free ((void *) (uintptr_t) pointer);
  return CUDA_SUCCESS;
}

CUresult
cuLaunchKernel (void *function, unsigned int grid_x, unsigned int grid_y, unsigned int grid_z,
                unsigned int block_x, unsigned int block_y, unsigned int block_z,
                unsigned int shared_bytes, void *stream, void **arguments, void **extra)
{
  const Module *module = function;
  uint32_t *out = (uint32_t *) (uintptr_t) * (CUdeviceptr *) arguments[0];

  (void) shared_bytes;
  (void) stream;
  (void) extra;
  if (grid_x != 1 || grid_y != 1 || grid_z != 1 || block_y != 1 || block_z != 1)
    return CUDA_ERROR_INVALID_VALUE;
  for (uint32_t thread = 0; thread < block_x; thread++)
    out[thread] = thread * module->factor + module->addend;
  return CUDA_SUCCESS;
}

CUresult
cuCtxSynchronize (void)
{
  return current_context ? CUDA_SUCCESS : CUDA_ERROR_INVALID_CONTEXT;
}

CUresult
cuMemcpyDtoH_v2 (void *to, CUdeviceptr from, size_t length)
{
  memcpy (to, (const void *) (uintptr_t) from, length);
  return CUDA_SUCCESS;
}
