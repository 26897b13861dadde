/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <stdbool.h>
#include <stddef.h>

/*
 * One look at the machine after the other: which files of /proc and /sys there
 * are is found out once, they stay open, and each look reads them again.
 */

typedef struct BoMachineSample BoMachineSample;

BoMachineSample *bo_machine_sample_new (const char *proc_path, const char *sys_path, const char *disk_path);
void bo_machine_sample_free (BoMachineSample *sample);

size_t bo_machine_sample_take (BoMachineSample *sample, char *text, size_t size);
