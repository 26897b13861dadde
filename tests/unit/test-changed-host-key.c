/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gstdio.h>

#include "engine/bo-changed-host-key.h"
#include "engine/bo-ssh-words.h"

#define KEY "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIL5RHN8UfrPzuHGWDDn6SMcjdMLgQFoEp+Xr86i7/xf2"
#define KEY_FINGERPRINT "SHA256:94kbaaf8sqwv4gNJT82CP6p1KdphAJRNmrBacO++myk"

/* What OpenSSH 9.2 writes; the two lines with "remove with" are Debian's. */
#define WORDS                                                                       \
  "@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@\r\n"                \
  "@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @\r\n"                \
  "@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@\r\n"                \
  "IT IS POSSIBLE THAT SOMEONE IS DOING SOMETHING NASTY!\r\n"                      \
  "Someone could be eavesdropping on you right now (man-in-the-middle attack)!\r\n" \
  "It is also possible that a host key has just been changed.\r\n"                 \
  "The fingerprint for the ED25519 key sent by the remote host is\n"               \
  "SHA256:eUXGGm1YGsMAS7vkcx6JOJdOGHPem5gQp4taiCfCLB8.\r\n"                        \
  "Please contact your system administrator.\r\n"                                  \
  "Add correct host key in %s to get rid of this message.\r\n"                     \
  "Offending ED25519 key in %s:3\r\n"                                              \
  "  remove with:\r\n"                                                             \
  "  ssh-keygen -f \"%s\" -R \"[jetson.local]:2222\"\r\n"                          \
  "Host key for [jetson.local]:2222 has changed and you have requested strict checking.\r\n" \
  "Host key verification failed.\r\n"

static void
test_words (void)
{
  g_autofree char *folder = g_dir_make_tmp ("bakeoff it's-XXXXXX", NULL);
  g_autofree char *file = g_build_filename (folder, "known_hosts", NULL);
  g_autofree char *words = g_strdup_printf (WORDS, file, file, file);
  g_autofree char *tidy = bo_ssh_words_tidy (words);
  g_autofree char *message = g_strconcat ("no connection to ssh://jetson.local:2222. ssh says: ", tidy, NULL);
  g_auto (GStrv) argv = NULL;

  g_assert_true (g_file_set_contents (file, "# mine\n\n|1|salt=|hash= " KEY " comment\n", -1, NULL));
  {
    g_autoptr (BoChangedHostKey) changed = bo_changed_host_key_new (message);

    g_assert_nonnull (changed);
    g_assert_cmpstr (changed->host, ==, "[jetson.local]:2222");
    g_assert_cmpstr (changed->key_type, ==, "ED25519");
    g_assert_cmpstr (changed->new_fingerprint, ==, "SHA256:eUXGGm1YGsMAS7vkcx6JOJdOGHPem5gQp4taiCfCLB8");
    g_assert_cmpstr (changed->file, ==, file);
    g_assert_cmpuint (changed->line, ==, 3);
    g_assert_cmpstr (changed->old_fingerprint, ==, KEY_FINGERPRINT);
    g_assert_true (g_shell_parse_argv (changed->command, NULL, &argv, NULL));
    g_assert_cmpuint (g_strv_length (argv), ==, 5);
    g_assert_cmpstr (argv[2], ==, file);
    g_assert_cmpstr (argv[4], ==, "[jetson.local]:2222");
  }

  /* The file is gone, or has fewer lines: then only the new key is known. */
  g_assert_true (g_file_set_contents (file, KEY "\n", -1, NULL));
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (BoChangedHostKey) changed = bo_changed_host_key_new (message);

      g_assert_nonnull (changed);
      g_assert_null (changed->old_fingerprint);
      g_unlink (file);
    }
  g_rmdir (folder);
}

static void
test_other_words (void)
{
  g_assert_null (bo_changed_host_key_new (""));
  g_assert_null (bo_changed_host_key_new ("Host key verification failed."));
  g_assert_null (bo_changed_host_key_new ("WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!\nHost key verification failed."));
  g_assert_null (bo_changed_host_key_new ("REMOTE HOST IDENTIFICATION HAS CHANGED \xff"));
}

static void
test_lines (void)
{
  static const struct
  {
    const char *line;
    const char *fingerprint;
  } cases[] = {
    { "jetson.local," KEY, NULL },
    { "jetson.local " KEY, KEY_FINGERPRINT },
    { "  a,b,[c]:22 \t" KEY "\r", KEY_FINGERPRINT },
    { "@cert-authority *.local " KEY " me", KEY_FINGERPRINT },
    { "jetson.local ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAAIL5RHN8UfrPzuHGWDDn6SMcjdMLgQFoEp+Xr86i7/xf2", NULL },
    { "jetson.local ssh-ed25519 !!!!", NULL },
    { "jetson.local ssh-ed25519", NULL },
    { "@revoked", NULL },
    { "# " KEY, KEY_FINGERPRINT },
    { "", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *fingerprint = bo_changed_host_key_get_fingerprint (cases[i].line);

      g_test_message ("%s", cases[i].line);
      g_assert_cmpstr (fingerprint, ==, cases[i].fingerprint);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/changed-host-key/words", test_words);
  g_test_add_func ("/changed-host-key/other-words", test_other_words);
  g_test_add_func ("/changed-host-key/lines", test_lines);
  return g_test_run ();
}
