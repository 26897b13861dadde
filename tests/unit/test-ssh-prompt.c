/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "engine/bo-ssh-prompt.h"

/* What OpenSSH 9.2 asks, as an askpass program is given it. */
#define UNKNOWN_HOST                                                                      \
  "The authenticity of host 'jetson.local (192.168.55.1)' can't be established.\n"        \
  "ED25519 key fingerprint is SHA256:eUXGGm1YGsMAS7vkcx6JOJdOGHPem5gQp4taiCfCLB8.\n"      \
  "This key is not known by any other names.\n"                                           \
  "Are you sure you want to continue connecting (yes/no/[fingerprint])? "

static void
test_host_key (void)
{
  g_autoptr (BoSshPrompt) prompt = bo_ssh_prompt_new (UNKNOWN_HOST, "");

  g_assert_cmpint (prompt->kind, ==, BO_SSH_PROMPT_HOST_KEY);
  g_assert_cmpstr (prompt->host, ==, "jetson.local");
  g_assert_cmpstr (prompt->address, ==, "192.168.55.1");
  g_assert_cmpstr (prompt->key_type, ==, "ED25519");
  g_assert_cmpstr (prompt->fingerprint, ==, "SHA256:eUXGGm1YGsMAS7vkcx6JOJdOGHPem5gQp4taiCfCLB8");
  g_assert_null (prompt->others);
  g_assert_false (prompt->has_other_keys);
  g_assert_cmpint (prompt->in_dns, ==, -1);
  g_assert_false (bo_ssh_prompt_is_secret (prompt));
  g_assert_cmpstr (bo_ssh_prompt_get_yes (prompt), ==, prompt->fingerprint);
}

static void
test_host_key_more (void)
{
  g_autoptr (BoSshPrompt) prompt = NULL;

  /* Another port, a known key, a picture of it, DNS. */
  prompt = bo_ssh_prompt_new ("The authenticity of host '[jetson.local]:2222 ([fe80::1%eth0]:2222)' can't be established.\n"
                              "ED25519-SK key fingerprint is SHA256:abc.\n"
                              "+--[ED25519 256]--+\n|  .o*  (yes/no)? |\n+----[SHA256]-----+\n"
                              "This host key is known by the following other names/addresses:\n"
                              "    ~/.ssh/known_hosts:7: 192.168.1.5\n"
                              "    ~/.ssh/known_hosts:9: [hashed name]\n"
                              "Matching host key fingerprint found in DNS.\n"
                              "Are you sure you want to continue connecting (yes/no/[fingerprint])? ",
                              NULL);
  g_assert_cmpint (prompt->kind, ==, BO_SSH_PROMPT_HOST_KEY);
  g_assert_cmpstr (prompt->host, ==, "[jetson.local]:2222");
  g_assert_cmpstr (prompt->address, ==, "[fe80::1%eth0]:2222");
  g_assert_cmpstr (prompt->key_type, ==, "ED25519-SK");
  g_assert_cmpstr (prompt->others, ==, "~/.ssh/known_hosts:7: 192.168.1.5\n~/.ssh/known_hosts:9: [hashed name]");
  g_assert_cmpint (prompt->in_dns, ==, 1);
  g_clear_pointer (&prompt, bo_ssh_prompt_free);

  /* Through a jump host there is no address; a key of another type is known; 9.2 has a line between. */
  prompt = bo_ssh_prompt_new ("The authenticity of host 'inner (<no hostip for proxy command>)' can't be established\n"
                              "but keys of different type are already known for this host.\n"
                              "RSA key fingerprint is SHA256:def.\n"
                              "No matching host key fingerprint found in DNS.\n"
                              "Are you sure you want to continue connecting (yes/no/[fingerprint])? ",
                              NULL);
  g_assert_cmpint (prompt->kind, ==, BO_SSH_PROMPT_HOST_KEY);
  g_assert_cmpstr (prompt->host, ==, "inner");
  g_assert_null (prompt->address);
  g_assert_true (prompt->has_other_keys);
  g_assert_cmpint (prompt->in_dns, ==, 0);
  g_clear_pointer (&prompt, bo_ssh_prompt_free);

  /* OpenSSH 7.6 takes no fingerprint for an answer. */
  prompt = bo_ssh_prompt_new ("The authenticity of host 'a (1.2.3.4)' can't be established.\r\n"
                              "ECDSA key fingerprint is SHA256:ghi.\r\n"
                              "Are you sure you want to continue connecting (yes/no)? ",
                              NULL);
  g_assert_cmpint (prompt->kind, ==, BO_SSH_PROMPT_HOST_KEY);
  g_assert_cmpstr (prompt->fingerprint, ==, "SHA256:ghi");
  g_assert_cmpstr (bo_ssh_prompt_get_yes (prompt), ==, "yes");
}

static void
test_kinds (void)
{
  static const struct
  {
    const char *text;
    const char *hint;
    BoSshPromptKind kind;
    const char *user;
    const char *host;
    const char *key;
  } cases[] = {
    { "Enter passphrase for key '/home/ann/.ssh/id_ed25519': ", "", BO_SSH_PROMPT_PASSPHRASE, NULL, NULL,
      "/home/ann/.ssh/id_ed25519" },
    { "Enter passphrase for /home/ann/.ssh/it's mine: ", NULL, BO_SSH_PROMPT_PASSPHRASE, NULL, NULL,
      "/home/ann/.ssh/it's mine" },
    { "Enter PIN for ED25519-SK key /home/ann/.ssh/id_ed25519_sk: ", NULL, BO_SSH_PROMPT_PIN, NULL, NULL,
      "/home/ann/.ssh/id_ed25519_sk" },
    { "Enter PIN and confirm user presence for ECDSA-SK key /k: ", NULL, BO_SSH_PROMPT_PIN, NULL, NULL, "/k" },
    { "Enter PIN for 'YubiKey PIV #123': ", NULL, BO_SSH_PROMPT_PIN, NULL, NULL, "YubiKey PIV #123" },
    { "Enter PIN for authenticator: ", NULL, BO_SSH_PROMPT_PIN, NULL, NULL, "authenticator" },
    { "nvidia@192.168.55.1's password: ", "", BO_SSH_PROMPT_PASSWORD, "nvidia", "192.168.55.1", NULL },
    { "ann@example.org@jump's password: ", "", BO_SSH_PROMPT_PASSWORD, "ann@example.org", "jump", NULL },
    { "(nvidia@jetson) Password: ", "", BO_SSH_PROMPT_PASSWORD, "nvidia", "jetson", NULL },
    { "(nvidia@jetson) Password for nvidia@jetson:", "", BO_SSH_PROMPT_PASSWORD, "nvidia", "jetson", NULL },
    { "(nvidia@jetson) Verification code: ", "", BO_SSH_PROMPT_ANSWER, "nvidia", "jetson", NULL },
    { "Password: ", "", BO_SSH_PROMPT_PASSWORD, NULL, NULL, NULL },
    { "Passcode or option (1-3): ", "", BO_SSH_PROMPT_ANSWER, NULL, NULL, NULL },
    { "", "", BO_SSH_PROMPT_ANSWER, NULL, NULL, NULL },
    { "Confirm user presence for key ED25519-SK SHA256:abc", "none", BO_SSH_PROMPT_TOUCH, NULL, NULL, NULL },
    { "Allow shared connection to jetson? ", "confirm", BO_SSH_PROMPT_CONFIRM, NULL, NULL, NULL },
    { "Accept updated hostkeys? (yes/no): ", NULL, BO_SSH_PROMPT_CONFIRM, NULL, NULL, NULL },
    { "Warning: the RSA host key for 'a' differs from the key for the IP address '1.2.3.4'\n"
      "Offending key for IP in /home/ann/.ssh/known_hosts:3\n"
      "Are you sure you want to continue connecting (yes/no)? ",
      NULL, BO_SSH_PROMPT_CONFIRM, NULL, NULL, NULL },
    /* A host that plays a question of ssh's own: ssh has put before who asks. */
    { "(nvidia@jetson) The authenticity of host 'bank (1.2.3.4)' can't be established.\nED25519 key fingerprint is SHA256:x.",
      NULL, BO_SSH_PROMPT_ANSWER, "nvidia", "jetson", NULL },
    { "(nvidia@jetson) Enter passphrase for key '/home/ann/.ssh/id_ed25519': ", NULL, BO_SSH_PROMPT_ANSWER, "nvidia",
      "jetson", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (BoSshPrompt) prompt = bo_ssh_prompt_new (cases[i].text, cases[i].hint);

      g_test_message ("%s", cases[i].text);
      g_assert_cmpint (prompt->kind, ==, cases[i].kind);
      g_assert_cmpstr (prompt->user, ==, cases[i].user);
      g_assert_cmpstr (prompt->host, ==, cases[i].host);
      g_assert_cmpstr (prompt->key, ==, cases[i].key);
      g_assert_cmpint (bo_ssh_prompt_is_secret (prompt), ==,
                       cases[i].kind != BO_SSH_PROMPT_TOUCH && cases[i].kind != BO_SSH_PROMPT_CONFIRM);
    }
}

/* A host's words do not draw on the screen, and do not go on for ever. */
static void
test_hostile (void)
{
  g_autofree char *long_text = g_strnfill (100000, 'a');
  g_autoptr (BoSshPrompt) prompt = bo_ssh_prompt_new ("(a@b) \033[2J\x07 \xff code\xe2\x80\xae: \r\n", NULL);

  g_assert_cmpint (prompt->kind, ==, BO_SSH_PROMPT_ANSWER);
  g_assert_true (g_utf8_validate (prompt->text, -1, NULL));
  for (const char *p = prompt->text; *p != '\0'; p = g_utf8_next_char (p))
    g_assert_true (*p == '\n' || g_unichar_isprint (g_utf8_get_char (p)));
  g_clear_pointer (&prompt, bo_ssh_prompt_free);
  prompt = bo_ssh_prompt_new (long_text, NULL);
  g_assert_cmpuint (strlen (prompt->text), <=, 4000);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ssh-prompt/host-key", test_host_key);
  g_test_add_func ("/ssh-prompt/host-key-more", test_host_key_more);
  g_test_add_func ("/ssh-prompt/kinds", test_kinds);
  g_test_add_func ("/ssh-prompt/hostile", test_hostile);
  return g_test_run ();
}
