/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * BoSshPromptKind:
 * @BO_SSH_PROMPT_HOST_KEY: is this key the host's?
 * @BO_SSH_PROMPT_CONFIRM: another question for yes or no
 * @BO_SSH_PROMPT_PASSPHRASE: that of a key file
 * @BO_SSH_PROMPT_PIN: that of a security key or a smart card
 * @BO_SSH_PROMPT_PASSWORD: that of the user on the host
 * @BO_SSH_PROMPT_ANSWER: something else that the host asks, a one-time code for example
 * @BO_SSH_PROMPT_TOUCH: nothing to answer: a security key waits to be touched
 */
typedef enum
{
  BO_SSH_PROMPT_HOST_KEY,
  BO_SSH_PROMPT_CONFIRM,
  BO_SSH_PROMPT_PASSPHRASE,
  BO_SSH_PROMPT_PIN,
  BO_SSH_PROMPT_PASSWORD,
  BO_SSH_PROMPT_ANSWER,
  BO_SSH_PROMPT_TOUCH,
} BoSshPromptKind;

/**
 * BoSshPrompt:
 * @kind: what is asked
 * @text: ssh's own words, without control characters other than line ends
 * @user: (nullable): user on the host
 * @host: (nullable): the host as ssh calls it, "jetson.local" or "[jetson.local]:2222"
 * @address: (nullable): its address, of a host key
 * @key_type: (nullable): "ED25519", of a host key
 * @fingerprint: (nullable): "SHA256:…", of a host key
 * @others: (nullable): under which other names and addresses the user's known hosts have this key
 * @has_other_keys: the host is known with a key of another type
 * @in_dns: whether the name server has the key's fingerprint: 1; has another one: 0; is not asked: -1
 * @key: (nullable): path or name of the key that is locked
 *
 * What ssh asks a person. It comes as text, which is all that an askpass
 * program is given; some of it is the host's own, so nothing in it is trusted.
 */
typedef struct
{
  BoSshPromptKind kind;
  char *text;
  char *user;
  char *host;
  char *address;
  char *key_type;
  char *fingerprint;
  char *others;
  gboolean has_other_keys;
  int in_dns;
  char *key;
} BoSshPrompt;

BoSshPrompt *bo_ssh_prompt_new (const char *text, const char *hint);
void bo_ssh_prompt_free (BoSshPrompt *prompt);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoSshPrompt, bo_ssh_prompt_free)

gboolean bo_ssh_prompt_is_secret (const BoSshPrompt *prompt);
const char *bo_ssh_prompt_get_yes (const BoSshPrompt *prompt);

G_END_DECLS
