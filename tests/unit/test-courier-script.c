/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include <glib.h>

#include "bo-play-script.h"
#include "bo-recipe-parser.h"
#include "bo-secrets.h"

#define HEAD "bakeoff-script 1\ncampaign c\n"
#define ITEM "item 1\nkind request\nmethod GET\npath /x\n"
#define HASH "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

typedef struct
{
  const char *name;
  const char *text;
  const char *error; /* NULL: it is right */
} Case;

static const Case cases[] = {
  { "empty", "", "line 0: the script is empty" },
  { "least", HEAD, NULL },
  { "version", "bakeoff-script 3\n", "line 1: “bakeoff-script 1” was expected" },
  { "no-campaign", "bakeoff-script 1\n", "line 1: the script names no campaign" },
  { "two-campaigns", HEAD "campaign d\n", "line 3: a second “campaign”" },
  { "unknown", HEAD "what is this\n", "line 3: this line is not known" },
  { "no-line-end", HEAD "chain a trials", "line 3: the line has no end" },
  { "control", HEAD "chain a\rb trials\n", "line 3: a control character in the line" },
  { "two-watches", HEAD "watch 1 /a\nwatch 2 /a\n", "line 4: a second watch" },
  { "watch-path", HEAD "watch 1 events\n", "line 3: a path begins with / and holds neither blanks nor what must be encoded" },
  { "watch-number", HEAD "watch 0 /a\n", "line 3: a number greater than 0 was expected" },
  { "secret", HEAD "secret A=B\n", "line 3: a secret is the name of a variable" },
  { "secret-late", HEAD "chain a trials\nsecret A\n", "line 4: this line is not known after the first chain" },
  { "chain-kind", HEAD "chain a nothing\n", "line 3: a chain is setup, trials or teardown" },
  { "chain-twice", HEAD "chain a trials\nchain a setup\n", "line 4: a second chain with this id" },
  { "item-alone", HEAD "item 1\n", "line 3: an item before the first chain" },
  { "item", HEAD "chain a trials\n" ITEM "end\n", NULL },
  { "item-number", HEAD "watch 1 /a\nchain a trials\n" ITEM, "line 5: a number greater than 1 was expected" },
  { "item-number-sign", HEAD "chain a trials\nitem +1\n", "line 4: a number greater than 0 was expected" },
  { "item-number-zeros", HEAD "chain a trials\nitem 01\n", "line 4: a number greater than 0 was expected" },
  { "item-number-large", HEAD "chain a trials\nitem 4294967296\n", "line 4: a number greater than 0 was expected" },
  { "item-no-end", HEAD "chain a trials\n" ITEM, "line 7: the last item has no end" },
  { "item-in-item", HEAD "chain a trials\n" ITEM "item 2\n", "line 8: this line is not known in an item" },
  { "literal", HEAD "chain a trials\n" ITEM "body-literal 4\n\0\n\0\n\nend\n", NULL },
  { "literal-short", HEAD "chain a trials\n" ITEM "body-literal 3\nabcd\nend\n",
    "line 8: the bytes are not followed by a line end" },
  { "literal-long", HEAD "chain a trials\n" ITEM "body-literal 4\nabc\n", "line 8: the bytes are not followed by a line end" },
  { "literal-huge", HEAD "chain a trials\n" ITEM "body-literal 18446744073709551615\nabc\n",
    "line 8: a number of bytes was expected" },
  { "line-after-literal", HEAD "chain a trials\n" ITEM "body-literal 3\na\nb\nwhat\n",
    "line 11: this line is not known in an item" },
  { "recipe", HEAD "chain a trials\n" ITEM "body-recipe " HASH "\nend\n", NULL },
  { "recipe-capitals", HEAD "chain a trials\n" ITEM "body-recipe A123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\n",
    "line 8: a recipe's name of 64 hexadecimal digits was expected" },
  { "limit", HEAD "chain a trials\n" ITEM "limit 1\nlimit 1\n", "line 9: a second “limit”" },
  { "limit-large", HEAD "chain a trials\n" ITEM "limit 9223372036854775807\n", "line 8: a number of microseconds was expected" },
  { "expect", HEAD "chain a trials\n" ITEM "expect 200 404\nend\n", NULL },
  { "expect-100", HEAD "chain a trials\n" ITEM "expect 100\n", "line 8: a status from 200 to 599 was expected" },
  { "needs-itself", HEAD "chain a trials\n" ITEM "needs 1\n", "line 8: that is no number of an item before this one" },
  { "needs-watch", HEAD "watch 1 /a\nchain a trials\nitem 2\nneeds 1\n", "line 6: that is no number of an item before this one" },
  { "settle", HEAD "chain a trials\n" ITEM "end\nitem 2\nkind settle\nof 1\nlimit 5\nneedle x\nend\n", NULL },
  { "settle-of", HEAD "chain a trials\nitem 2\nkind settle\nlimit 5\nend\n", "line 7: the item has no “of”" },
  { "prune-of-request", HEAD "chain a trials\n" ITEM "end\nitem 2\nkind sweep-prune\nof 1\npath /a\nprune-path /b\nend\n",
    "line 14: “of” names an item of another kind" },
  { "header", HEAD "chain a trials\n" ITEM "header Bad Name: x\n", "line 8: this header is not possible" },
  { "header-own", HEAD "chain a trials\n" ITEM "header transfer-encoding: chunked\n", "line 8: this header is not possible" },
  { "method", HEAD "chain a trials\nitem 1\nmethod get\n", "line 5: a method is written in capital letters" },
};

static void
test_script (gconstpointer data)
{
  const Case *c = data;
  BoPlayScript script = { 0 };
  char error[400] = "";
  /* The literals hold NUL, which ends a C string: count to the end of the last line instead. */
  gsize length = g_str_has_suffix (c->name, "literal") && c->error == NULL
                   ? sizeof HEAD "chain a trials\n" ITEM "body-literal 4\n\0\n\0\n\nend\n" - 1
                   : strlen (c->text);
  /* A copy of the very length, so that a memory checker sees a byte read too many. */
  g_autofree char *text = g_memdup2 (c->text, MAX (length, 1));
  bool good = bo_play_script_parse (&script, text, length, error, sizeof error);

  g_assert_cmpstr (error, ==, c->error != NULL ? c->error : "");
  g_assert_cmpint (good, ==, c->error == NULL);
  bo_play_script_clear (&script);
  /* Cut off anywhere it is an error or a shorter script, and never a crash. */
  for (gsize cut = 0; cut < length; cut++)
    {
      g_autofree char *part = g_memdup2 (c->text, MAX (cut, 1));

      bo_play_script_parse (&script, part, cut, error, sizeof error);
      bo_play_script_clear (&script);
    }
}

typedef struct
{
  const char *name;
  const char *text;
  const char *problem; /* NULL: right; "": cut off */
  const char *pieces;  /* literals, and files as <LENGTH> */
} RecipeCase;

#define RECIPE "bakeoff-recipe 1\n"

static const RecipeCase recipes[] = {
  { "empty", RECIPE "length 0\nend\n", NULL, "" },
  { "literal", RECIPE "length 3\nliteral 3\na\nb\nend\n", NULL, "a\nb" },
  { "both", RECIPE "length 12\nliteral 1\nx\nfile " HASH " 10\nliteral 1\ny\nend\n", NULL, "x<10>y" },
  { "cut-off", RECIPE "length 3\nliteral 3\na\nb\n", "", "a\nb" },
  { "no-end-line", RECIPE "length 0\nend", "", "" },
  { "version", "bakeoff-recipe 2\n", "it is no recipe of a known version", "" },
  { "length-sign", RECIPE "length -1\n", "its length is not possible", "" },
  { "length-large", RECIPE "length 9223372036854775808\n", "its length is not possible", "" },
  { "too-short", RECIPE "length 2\nliteral 1\nx\nend\n", "its pieces are shorter than its length", "x" },
  { "too-long", RECIPE "length 2\nliteral 3\nxyz\nend\n", "the length of a literal is not possible", "" },
  { "literal-none", RECIPE "length 2\nliteral 0\n\n", "the length of a literal is not possible", "" },
  { "literal-large", RECIPE "length 2000000\nliteral 1048577\n", "the length of a literal is not possible", "" },
  { "literal-runs-on", RECIPE "length 2\nliteral 1\nxy\n", "a literal is longer than its length", "x" },
  { "file-large", RECIPE "length 5\nfile " HASH " 6\n", "the length of a file is not possible", "" },
  { "file-none", RECIPE "length 5\nfile " HASH " 0\n", "the length of a file is not possible", "" },
  { "file-sum", RECIPE "length 9223372036854775807\nfile " HASH " 9223372036854775807\nfile " HASH " 9223372036854775807\n",
    "the length of a file is not possible", "<9223372036854775807>" },
  { "file-name", RECIPE "length 5\nfile ../../56789abcdef0123456789abcdef0123456789abcdef0123456789abcdef 5\n",
    "a line is not known", "" },
  { "file-name-capitals", RECIPE "length 5\nfile A123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef 5\n",
    "the name of a file is not possible", "" },
  { "behind-the-end", RECIPE "length 0\nend\n\n", "something follows its end", "" },
};

static void
test_recipe (gconstpointer data)
{
  const RecipeCase *c = data;
  gsize length = strlen (c->text);

  for (gsize step = 1; step <= length; step++)
    {
      g_autoptr (GString) pieces = g_string_new (NULL);
      BoRecipeParser parser;
      BoRecipeEvent event = BO_RECIPE_PARSER_MORE;
      gsize at = 0;

      bo_recipe_parser_init (&parser);
      while (event != BO_RECIPE_PARSER_BROKEN && event != BO_RECIPE_PARSER_END)
        {
          gsize n = MIN (step, length - at);
          const char *p = c->text + at;
          BoRecipePiece piece = { 0 };
          gsize left = n;

          event = bo_recipe_parser_next (&parser, &p, &left, &piece);
          at += n - left;
          if (event == BO_RECIPE_PARSER_LITERAL)
            g_string_append_len (pieces, piece.literal, (gssize) piece.literal_length);
          else if (event == BO_RECIPE_PARSER_FILE)
            g_string_append_printf (pieces, "<%" G_GUINT64_FORMAT ">", (guint64) piece.file_length);
          else if (event == BO_RECIPE_PARSER_MORE && n == 0)
            break;
        }
      g_assert_cmpstr (pieces->str, ==, c->pieces);
      if (c->problem == NULL)
        g_assert_cmpint (event, ==, BO_RECIPE_PARSER_END);
      else if (*c->problem == '\0')
        g_assert_cmpint (event, ==, BO_RECIPE_PARSER_MORE);
      else
        {
          g_assert_cmpint (event, ==, BO_RECIPE_PARSER_BROKEN);
          g_assert_cmpstr (parser.problem, ==, c->problem);
        }
    }
}

static const char *
lookup (const char *name)
{
  return strcmp (name, "ONE") == 0 ? "abcd<\"" : strcmp (name, "TWO") == 0 ? "abcdabce" : strcmp (name, "SHORT") == 0 ? "abc"
         : strcmp (name, "FEED") == 0 ? "a\b\f\xe2\x80\xa8" : strcmp (name, "LATIN") == 0 ? "caf\xe9s" : NULL;
}

static void
test_secrets (void)
{
  static const char text[] = "abcdabcd<\" abcdabce abcd\\u003c\\\" abcd<\\\" abcdabc";
  BoSpan spans[] = { { "ONE", 3 }, { "TWO", 3 } };
  BoSpan missing[] = { { "ONE", 3 }, { "THREE", 5 } };
  BoSpan small[] = { { "SHORT", 5 } };
  BoSpan latin[] = { { "LATIN", 5 } };
  BoSpan feed[] = { { "FEED", 4 } };
  /* As it is; as we, an engine made with Go before 1.22, and one made with a later Go write it into JSON. */
  static const char *const encoded[] = {
    "a\b\f\xe2\x80\xa8",
    "a\\u0008\\u000c\xe2\x80\xa8",
    "a\\u0008\\u000c\\u2028",
    "a\\b\\f\\u2028",
  };
  BoSpanList names = { spans, 2, 2 };
  BoSecrets secrets;
  BoSpan literal = { "x${bakeoff-secret:ONE}${bakeoff-secret:NONE}y${bakeoff-secret:TWO", 0 };
  const char *expanded = "xabcd<\\\"${bakeoff-secret:NONE}y${bakeoff-secret:TWO";
  char error[200] = "";
  char *bytes = NULL;
  gsize length = 0;

  g_assert_true (bo_secrets_load (&secrets, &names, lookup, error, sizeof error));
  literal.length = strlen (literal.data);
  g_assert_true (bo_secrets_expand (&secrets, literal, &bytes, &length));
  g_assert_cmpmem (bytes, length, expanded, strlen (expanded));
  free (bytes);

  for (gsize step = 1; step <= strlen (text); step++)
    {
      g_autoptr (GString) out = g_string_new (NULL);
      BoRedactor redactor;
      const char *p = NULL;
      gsize n = 0;

      bo_redactor_init (&redactor, &secrets);
      for (gsize at = 0; at < strlen (text); at += step)
        {
          p = bo_redactor_feed (&redactor, text + at, MIN (step, strlen (text) - at), FALSE, &n);
          g_string_append_len (out, p, (gssize) n);
          bo_redactor_taken (&redactor, n);
        }
      p = bo_redactor_feed (&redactor, "", 0, TRUE, &n);
      g_string_append_len (out, p, (gssize) n);
      bo_redactor_taken (&redactor, n);
      bo_redactor_clear (&redactor);
      g_assert_cmpstr (out->str, ==, "abcd****** ******** [secret ONE] ******* abcdabc");
    }
  bo_secrets_clear (&secrets);

  names = (BoSpanList) { missing, 2, 2 };
  g_assert_false (bo_secrets_load (&secrets, &names, lookup, error, sizeof error));
  g_assert_cmpstr (error, ==, "the secret THREE is not set");
  names = (BoSpanList) { latin, 1, 1 };
  g_assert_false (bo_secrets_load (&secrets, &names, lookup, error, sizeof error));
  g_assert_cmpstr (error, ==, "the secret LATIN is not UTF-8 text");
  names = (BoSpanList) { feed, 1, 1 };
  g_assert_true (bo_secrets_load (&secrets, &names, lookup, error, sizeof error));
  for (gsize i = 0; i < G_N_ELEMENTS (encoded); i++)
    {
      g_autofree char *masked = g_strnfill (strlen (encoded[i]), '*');
      g_autofree char *out = NULL;
      BoRedactor redactor;
      gsize n = 0;
      const char *p = NULL;

      memcpy (masked, "[secret FEED]", MIN (strlen (masked), strlen ("[secret FEED]")));
      if (strlen (masked) < strlen ("[secret FEED]"))
        memset (masked, '*', strlen (masked));
      bo_redactor_init (&redactor, &secrets);
      p = bo_redactor_feed (&redactor, encoded[i], strlen (encoded[i]), TRUE, &n);
      out = g_strndup (p, n);
      bo_redactor_taken (&redactor, n);
      bo_redactor_clear (&redactor);
      g_assert_cmpstr (out, ==, masked);
    }
  bo_secrets_clear (&secrets);
  names = (BoSpanList) { small, 1, 1 };
  g_assert_false (bo_secrets_load (&secrets, &names, lookup, error, sizeof error));
  g_assert_nonnull (strstr (error, "SHORT has 3 bytes"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/courier-script/script/%s", cases[i].name);

      g_test_add_data_func (path, &cases[i], test_script);
    }
  for (guint i = 0; i < G_N_ELEMENTS (recipes); i++)
    {
      g_autofree char *path = g_strdup_printf ("/courier-script/recipe/%s", recipes[i].name);

      g_test_add_data_func (path, &recipes[i], test_recipe);
    }
  g_test_add_func ("/courier-script/secrets", test_secrets);
  return g_test_run ();
}
