/* SPDX-License-Identifier: Apache-2.0 */
/* Written when the totals are known. Styles by class only: the page's policy
 * allows no style in an attribute, so bars are drawn. */
#include "report/html_around.h"
#include "report/html_text.h"

static const char *const layer_names[REPORT_LAYERS] = {
    "Node OS", "Service to service", "Load balancer", "Container registry", "Application dependencies", "Storage",
};

void html_around_rule_id(FILE *out, struct sv policy, struct sv rule)
{
    html_text_put(out, "rule-", policy, "/");
    format_escape(out, rule);
}

static void put_sums(FILE *out, const struct report_summary *s)
{
    const struct {
        const char *one, *many, *class;
        size_t count;
    } sums[] = {
        { "unreadable", "unreadable", "deny", s->errors }, { "denial", "denials", "deny", s->denied },
        { "warning", "warnings", "warn", s->warnings },    { "unknown", "unknown", "quiet", s->unknown },
        { "change", "changes", "good", s->mutations },     { "excepted", "excepted", "lifted", s->excepted },
        { "known", "known", "lifted", s->known },          { "skipped", "skipped", "quiet", s->skipped },
    };

    fputs("<ul class=\"sums\">", out);
    for (size_t i = 0; i < ARRAY_LEN(sums); i++)
        fprintf(out, "<li class=\"%s%s\"><b>%zu</b> %s</li>", sums[i].class, sums[i].count ? "" : " zero",
                sums[i].count, sums[i].count == 1 ? sums[i].one : sums[i].many);
    fputs("</ul>\n", out);
}

static void put_basis(FILE *out, const struct writer *w, const struct report_summary *s)
{
    const struct report_setup *setup = w->setup;

    fprintf(out, "<p class=\"basis\">%zu object%s in %zu file%s, judged as of <time>%04d-%02d-%02d</time> by",
            s->objects, s->objects == 1 ? "" : "s", s->files, s->files == 1 ? "" : "s", setup->today.year,
            setup->today.month, setup->today.day);
    html_text_put(out, " <b>", setup->policies->name, "</b>");
    fprintf(out, " <code title=\"SHA-256 of the policies and facts\">%.12s</code></p>\n", setup->policies->hash);
}

/* The four counts as one bar; the longest of all layers is as wide as its place. */
static void put_bar(FILE *out, const size_t counts[4], const char *const classes[4], size_t most)
{
    size_t x = 0;

    fputs("<svg viewBox=\"0 0 1000 6\" preserveAspectRatio=\"none\" aria-hidden=\"true\">", out);
    for (size_t i = 0; i < 4; i++) {
        size_t width = most ? (counts[i] * 1000 + most - 1) / most : 0;

        if (width)
            fprintf(out, "<rect class=\"%s\" x=\"%zu\" width=\"%zu\" height=\"6\"/>", classes[i], x, width);
        x += width;
    }
    fputs("</svg>", out);
}

static size_t sum_of(const struct report_summary *s, size_t i)
{
    return s->by_layer[i].denied + s->by_layer[i].warned + s->by_layer[i].recorded + s->by_layer[i].mended;
}

static void put_layer(FILE *out, const struct report_summary *s, size_t i, size_t most)
{
    static const char *const classes[] = { "deny", "warn", "record", "good" };
    static const char *const words[] = { "refused", "warned", "recorded", "mended" };
    const size_t counts[] = { s->by_layer[i].denied, s->by_layer[i].warned, s->by_layer[i].recorded,
                              s->by_layer[i].mended };

    fprintf(out, "<li><a href=\"#findings\" data-layer=\"%s\"><span class=\"name\">%s</span><span class=\"counts\">",
            report_layers[i], layer_names[i]);
    for (size_t k = 0; k < 4; k++)
        if (counts[k])
            fprintf(out, "<span class=\"%s\"><b>%zu</b> %s</span> ", classes[k], counts[k], words[k]);
    fputs(sum_of(s, i) ? "</span>" : "<span>nothing found</span></span>", out);
    put_bar(out, counts, classes, most);
    fputs("</a></li>\n", out);
}

static void put_layers(FILE *out, const struct report_summary *s)
{
    size_t most = 0;

    for (size_t i = 0; i < REPORT_LAYERS; i++)
        most = sum_of(s, i) > most ? sum_of(s, i) : most;
    fputs("<section aria-labelledby=\"six\"><h2 id=\"six\">Six layers</h2>\n<ul class=\"layers\">\n", out);
    for (size_t i = 0; i < REPORT_LAYERS; i++)
        put_layer(out, s, i, most);
    fputs("</ul></section>\n", out);
}

const char *html_around_verdict(const struct report_summary *s)
{
    if (s->errors)
        return s->denied ? "Would be refused, and not all of it can be read" : "Not all of it can be read";
    if (s->denied)
        return "Would be refused";
    if (s->is_partial)
        return "Nothing that was asked for would be refused";
    return s->warnings ? "Would be admitted, with warnings" : "Would be admitted";
}

void html_around_top(struct writer *w, const struct report_summary *s)
{
    FILE *out = w->out;
    const char *class = s->errors || s->denied ? "deny" : s->warnings ? "warn" : "good";

    fprintf(out, "<header>\n<p class=\"brand\">fipsgate check</p>\n<h1 class=\"%s\">%s</h1>\n", class,
            html_around_verdict(s));
    put_basis(out, w, s);
    put_sums(out, s);
    fputs("</header>\n<main>\n", out);
    put_layers(out, s);
    if (ftell(w->notes) <= 0)
        return;
    fputs("<section class=\"notes\" aria-labelledby=\"not-judged\"><h2 id=\"not-judged\">Not judged</h2>\n<ul>\n", out);
    format_copy(out, w->notes);
    fputs("</ul></section>\n", out);
}

struct option {
    const char *value, *label;
};

static void begin_select(FILE *out, const char *name, const char *label, const char *all)
{
    fprintf(out, "<label>%s <select name=\"%s\"><option value=\"\">%s</option>", label, name, all);
}

static void put_options(FILE *out, const char *group, const struct option *options, size_t count)
{
    if (group)
        fprintf(out, "<optgroup label=\"%s\">", group);
    for (size_t i = 0; i < count; i++)
        fprintf(out, "<option value=\"%s\">%s</option>", options[i].value, options[i].label);
    if (group)
        fputs("</optgroup>", out);
}

static void put_result_select(FILE *out)
{
    static const struct option effects[] = {
        { "effect:deny", "refused" },
        { "effect:warn", "warning" },
        { "effect:record", "recorded" },
        { "effect:none", "nothing" },
    };
    static const struct option results[] = {
        { "result:violation", "violation" },
        { "result:unknown", "unknown" },
        { "result:will-mutate", "will mutate" },
        { "result:excepted", "excepted" },
        { "result:known", "known" },
        { "result:grandfathered", "grandfathered" },
        { "result:pass", "pass" },
    };

    begin_select(out, "result", "Result", "any");
    put_options(out, "What happens", effects, ARRAY_LEN(effects));
    put_options(out, "What it is", results, ARRAY_LEN(results));
    fputs("</select></label>\n", out);
}

void html_around_filter(struct writer *w)
{
    static const struct option severities[] = { { "high", "high" }, { "medium", "medium" }, { "low", "low" } };
    struct option layers[REPORT_LAYERS];
    FILE *out = w->out;

    for (size_t i = 0; i < REPORT_LAYERS; i++)
        layers[i] = (struct option){ report_layers[i], layer_names[i] };
    fputs(
        "<form id=\"filter\" role=\"search\" aria-label=\"Findings\" hidden>\n"
        "<label class=\"search\">Search <input type=\"search\" name=\"text\" autocomplete=\"off\" spellcheck=\"false\" "
        "placeholder=\"image, object, path, file&hellip;\" aria-keyshortcuts=\"/\"><kbd aria-hidden=\"true\">/</kbd>"
        "</label>\n",
        out);
    begin_select(out, "layer", "Layer", "all six");
    put_options(out, NULL, layers, REPORT_LAYERS);
    fputs("</select></label>\n", out);
    put_result_select(out);
    begin_select(out, "severity", "Severity", "any");
    put_options(out, NULL, severities, ARRAY_LEN(severities));
    fputs("</select></label>\n", out);
    begin_select(out, "policy", "Policy", "all");
    for (size_t i = 0; i < w->setup->policies->policy_count; i++) {
        struct sv name = w->setup->policies->policies[i].name;

        html_text_put(out, "<option value=\"", name, "\">");
        html_text_put(out, "", name, "</option>");
    }
    fputs("</select></label>\n<p><output id=\"count\" role=\"status\" aria-live=\"polite\"></output> "
          "<button type=\"reset\">Clear the filter</button></p>\n</form>\n",
          out);
}

static void put_rule(FILE *out, const struct policy *p, const struct compiled_rule *r)
{
    fputs("<div id=\"", out);
    html_around_rule_id(out, p->name, r->name);
    html_text_put(out, "\"><dt>", p->name, "/");
    format_escape(out, r->name);
    fprintf(out, " <span>%s, %s severity, %s</span></dt>\n", verdict_mode_name(p->mode),
            format_severity(r->rule->severity), r->rule->id);
    html_text_prose(out, "<dd>", sv_from(r->rule->what), ": ");
    html_text_prose(out, "", sv_from(r->rule->why), ".</dd>\n");
    html_text_prose(out, "<dd><i>To fix it:</i> ", sv_from(r->rule->fix), ".</dd></div>\n");
}

static void put_rules(FILE *out, const struct policy_set *set)
{
    fputs("<section id=\"rules\"><h2>Rules</h2>\n<dl class=\"rules\">\n", out);
    for (size_t i = 0; i < set->policy_count; i++)
        for (size_t j = 0; j < set->policies[i].rule_count; j++)
            put_rule(out, &set->policies[i], &set->policies[i].rules[j]);
    fputs("</dl></section>\n", out);
}

void html_around_end(struct writer *w)
{
    FILE *out = w->out;

    if (w->changes) {
        fputs("<section id=\"changes\"><h2>What admission would change</h2>\n", out);
        format_copy(out, w->patches);
        fputs("</section>\n", out);
    }
    put_rules(out, w->setup->policies);
    html_text_put(out, "</main>\n<footer>fipsgate ", sv_from(w->setup->version), ". Policies and facts: ");
    html_text_put(out, "", w->setup->policies->name, ", SHA-256 ");
    fprintf(out, "<code>%s</code>.</footer>\n", w->setup->policies->hash);
}
