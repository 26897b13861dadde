/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include <glib.h>

#include "study/bo-wheel-test.h"

#define HEAD                                                                                                 \
  "# Made by Bakeoff from requirements.txt: one step per requirement, so that the\n"                         \
  "# step that fails names the package and each step has its own time.\n"                                    \
  "ARG BASE_IMAGE\n"                                                                                         \
  "FROM ${BASE_IMAGE}\n\n"
#define PIP "RUN python3 -m pip install --no-cache-dir"

static void
test_cases (void)
{
  static const struct
  {
    const char *requirements;
    const char *dockerfile;
    guint n_requirements;
    guint n_notes;
  } cases[] = {
    { "torch==2.6.0\ntorchao\n", HEAD PIP " 'torch==2.6.0'\n" PIP " 'torchao'\n", 2, 0 },
    { "", HEAD, 0, 0 },
    { "# all\n\n  torch  # the big one\r\n", HEAD PIP " 'torch'\n", 1, 0 },
    /* Options hold for lines above them too. */
    { "a\n--extra-index-url https://x/y\n--pre\n-f /wheels\n",
      HEAD PIP " --extra-index-url 'https://x/y' --pre -f '/wheels' 'a'\n", 1, 0 },
    { "--index-url=https://x\na", HEAD PIP " --index-url 'https://x' 'a'\n", 1, 0 },
    { "-r other.txt\n-c limits.txt\n-e .\n./local\n--prefetch\na\n", HEAD PIP " 'a'\n", 1, 5 },
    { "a==1 \\\n  --hash=sha256:aa \\\n  --hash=sha256:bb\nb", HEAD PIP " 'a==1'\n" PIP " 'b'\n", 2, 1 },
    { "a; python_version < \"3.12\"", HEAD PIP " 'a; python_version < \"3.12\"'\n", 1, 0 },
    { "x @ https://h/x.whl#sha256=aa", HEAD PIP " 'x @ https://h/x.whl#sha256=aa'\n", 1, 0 },
    /* What a shell would run stays a word. */
    { "a'; touch /x; '$(id)`id`", HEAD PIP " 'a'\\''; touch /x; '\\''$(id)`id`'\n", 1, 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (BoWheelTest) test = bo_wheel_test_new (cases[i].requirements);

      g_assert_cmpstr (test->dockerfile, ==, cases[i].dockerfile);
      g_assert_cmpuint (test->n_requirements, ==, cases[i].n_requirements);
      g_assert_cmpuint (test->notes->len, ==, cases[i].n_notes);
    }
}

static void
test_modules (void)
{
  static const char *const modules[]
      = { "torch", "bs4", "huggingface_hub", "PyPDF2", "typing_extensions", "yaml" };
  g_autoptr (BoWheelTest) test
      = bo_wheel_test_new ("torch==2.6.0+cu126\nBeautifulSoup4[lxml]>=4\nhuggingface_hub\nPyPDF2\n"
                           "typing.extensions~=4.0\nPyYAML;python_version<'4'\n");

  g_assert_cmpuint (test->modules->len, ==, G_N_ELEMENTS (modules));
  for (guint i = 0; i < G_N_ELEMENTS (modules); i++)
    g_assert_cmpstr (g_ptr_array_index (test->modules, i), ==, modules[i]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/wheel-test/cases", test_cases);
  g_test_add_func ("/wheel-test/modules", test_modules);
  return g_test_run ();
}
