/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

int bo_cmd_context (int argc, char **argv);
