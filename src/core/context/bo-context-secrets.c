/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-context-secrets"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "context/bo-context-secrets.h"

/*
 * What looks like a secret. A warning is wanted where a password or key would
 * end in an image that is shared; a false one costs a glance, and too many
 * cost all of them, so examples and public keys are let through.
 */

/* A path that ends in @tail (whole parts), and what must be in the content, if anything. */
typedef struct
{
  const char *tail;
  const char *needle;
  const char *reason;
} Rule;

static const Rule rules[] = {
  { "id_rsa", NULL, N_ ("an SSH private key by its name") },
  { "id_dsa", NULL, N_ ("an SSH private key by its name") },
  { "id_ecdsa", NULL, N_ ("an SSH private key by its name") },
  { "id_ecdsa_sk", NULL, N_ ("an SSH private key by its name") },
  { "id_ed25519", NULL, N_ ("an SSH private key by its name") },
  { "id_ed25519_sk", NULL, N_ ("an SSH private key by its name") },
  { ".netrc", NULL, N_ ("passwords of servers") },
  { "_netrc", NULL, N_ ("passwords of servers") },
  { ".git-credentials", NULL, N_ ("passwords of Git servers") },
  { ".pgpass", NULL, N_ ("database passwords") },
  { ".my.cnf", "password", N_ ("a database password") },
  { ".htpasswd", NULL, N_ ("password hashes") },
  { ".npmrc", "_auth", N_ ("an access token of an npm registry") },
  { ".npmrc", "_password", N_ ("a password of an npm registry") },
  { ".yarnrc.yml", "npmAuth", N_ ("an access token of an npm registry") },
  { ".pypirc", "password", N_ ("a password of a Python package index") },
  { "pip.conf", "@", N_ ("perhaps a password in the address of a package index") },
  { "credentials.json", NULL, N_ ("credentials by its name") },
  { "client_secret.json", NULL, N_ ("credentials by its name") },
  { ".aws/credentials", NULL, N_ ("cloud access keys") },
  { ".docker/config.json", "\"auth\"", N_ ("passwords of container registries") },
  { ".dockercfg", "\"auth\"", N_ ("passwords of container registries") },
  { ".kube/config", NULL, N_ ("access to a Kubernetes cluster") },
  { "kubeconfig", NULL, N_ ("access to a Kubernetes cluster") },
  { "kubeconfig.yaml", NULL, N_ ("access to a Kubernetes cluster") },
  { ".huggingface/token", NULL, N_ ("an access token of Hugging Face") },
  { "huggingface/token", NULL, N_ ("an access token of Hugging Face") },
  { ".ngc/config", "apikey", N_ ("an access key of NGC") },
  { ".vault-token", NULL, N_ ("an access token") },
  { "terraform.tfstate", NULL, N_ ("the state of Terraform, which holds secrets in plain text") },
};

static const Rule contents[] = {
  { NULL, "-----BEGIN PRIVATE KEY-----", N_ ("a private key") },
  { NULL, "-----BEGIN RSA PRIVATE KEY-----", N_ ("a private key") },
  { NULL, "-----BEGIN EC PRIVATE KEY-----", N_ ("a private key") },
  { NULL, "-----BEGIN DSA PRIVATE KEY-----", N_ ("a private key") },
  { NULL, "-----BEGIN OPENSSH PRIVATE KEY-----", N_ ("an SSH private key") },
  { NULL, "-----BEGIN ENCRYPTED PRIVATE KEY-----", N_ ("a private key, encrypted") },
  { NULL, "-----BEGIN PGP PRIVATE KEY BLOCK-----", N_ ("a private key") },
  { NULL, "PuTTY-User-Key-File-", N_ ("an SSH private key of PuTTY") },
  { NULL, "AGE-SECRET-KEY-1", N_ ("a private key of age") },
};

static const char *const key_store_suffixes[] = { ".p12", ".pfx", ".jks", ".keystore", ".kdbx" };
static const char *const example_suffixes[] = { ".example", ".sample", ".template", ".dist", ".defaults", ".schema" };

/* These are large in number, and no key was ever kept in them. */
static const char *const dull_suffixes[] = { ".c",    ".h",    ".cc",   ".cpp", ".hpp", ".cu",   ".rs",  ".go",
                                             ".java", ".png",  ".jpg",  ".gif", ".svg", ".wav",  ".mp3", ".so",
                                             ".o",    ".a",    ".pyc",  ".gz",  ".xz",  ".zip",  ".whl", ".html",
                                             ".css",  ".woff", ".woff2", ".md",  ".rst", ".npy", ".bin" };

static gboolean
has_suffix_of (const char *name, const char *const *suffixes, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      if (g_str_has_suffix (name, suffixes[i]))
        return TRUE;
    }
  return FALSE;
}

static const char *
name_of (const char *path)
{
  const char *slash = strrchr (path, '/');

  return slash != NULL ? slash + 1 : path;
}

static gboolean
path_ends_in (const char *path, const char *tail)
{
  gsize path_length = strlen (path);
  gsize tail_length = strlen (tail);

  if (path_length < tail_length || strcmp (path + path_length - tail_length, tail) != 0)
    return FALSE;
  return path_length == tail_length || path[path_length - tail_length - 1] == '/';
}

static gboolean
is_env_file (const char *name)
{
  if (strcmp (name, ".envrc") == 0 || g_str_has_suffix (name, ".env"))
    return TRUE;
  return g_str_has_prefix (name, ".env.") &&
         !has_suffix_of (name, example_suffixes, G_N_ELEMENTS (example_suffixes));
}

/**
 * bo_context_secret_needs_content:
 * @path: a regular file's path
 * @size: its bytes
 *
 * Returns: whether bo_context_secret_guess() can make use of the file's first bytes
 */
gboolean
bo_context_secret_needs_content (const char *path, guint64 size)
{
  g_return_val_if_fail (path != NULL, FALSE);

  return size >= 8 && size <= BO_CONTEXT_SECRET_MAX_SIZE &&
         !has_suffix_of (path, dull_suffixes, G_N_ELEMENTS (dull_suffixes));
}

/**
 * bo_context_secret_guess:
 * @path: a regular file's path
 * @head: (nullable): its first BO_CONTEXT_SECRET_HEAD bytes, or all of them
 * @length: bytes of @head
 *
 * Returns: (nullable): why the file looks like a secret, untranslated
 */
const char *
bo_context_secret_guess (const char *path, const char *head, gsize length)
{
  const char *name;

  g_return_val_if_fail (path != NULL, NULL);

  name = name_of (path);
  for (guint i = 0; i < G_N_ELEMENTS (rules); i++)
    {
      const Rule *rule = &rules[i];

      if (!path_ends_in (path, rule->tail))
        continue;
      if (rule->needle == NULL ||
          (head != NULL && memmem (head, length, rule->needle, strlen (rule->needle)) != NULL))
        return rule->reason;
    }
  if (is_env_file (name))
    return N_ ("settings of an environment, which often hold passwords");
  if (has_suffix_of (name, key_store_suffixes, G_N_ELEMENTS (key_store_suffixes)))
    return N_ ("a store of keys or passwords by its name");

  for (guint i = 0; head != NULL && i < G_N_ELEMENTS (contents); i++)
    {
      if (memmem (head, length, contents[i].needle, strlen (contents[i].needle)) != NULL)
        return contents[i].reason;
    }
  return NULL;
}
