using System.Text.Json;
using Harness.Publishing.Text;

namespace Harness.Publishing.Reports;

/// <summary>The report as an RO-Crate 1.3, profile Process Run Crate 0.5: each run is a CreateAction of the harness on a dataset.</summary>
static class RoCrate
{
    const string Crate = "https://w3id.org/ro/crate/1.3";
    const string Profile = "https://w3id.org/ro/wfrun/process/0.5";

    static readonly JsonSerializerOptions Indented = new(CanonicalJson.Options) { WriteIndented = true };

    public static void Write(Report report, TextWriter writer) => writer.Write(JsonSerializer.Serialize(new Dictionary<string, object>
    {
        ["@context"] = new[] { $"{Crate}/context", "https://w3id.org/ro/terms/workflow-run/context" },
        ["@graph"] = Entities(report).ToArray(),
    }, Indented));

    static IEnumerable<Dictionary<string, object>> Entities(Report report)
    {
        string[] files =
        [
            "report.html", "report.md", "claims.csv", "tables/claims.tex", "macros.tex", "figures/claims.svg", "figures/claims.csv",
                "checklist-neurips.md",
            "badges.json", "CITATION.cff", "reproduce.sh", .. report.Attempts.Select(ReportFiles.RunPath),
        ];
        yield return Entity("ro-crate-metadata.json", "CreativeWork", ("conformsTo", Reference(Crate)), ("about", Reference("./")));
        yield return Entity("./", "Dataset", ("conformsTo", Reference(Profile)), ("name", $"Reproducibility report: {report.Set.Title}"),
            ("description", ReportWords.Summary(report)), ("datePublished", Words.Date(report.At)), ("license", Reference(Licence)),
            ("hasPart", References([.. files, .. report.Datasets.Select(ReportFiles.CroissantPath)])),
            ("mentions", References(report.Attempts.Select(Action))));
        yield return Entity(Profile, "CreativeWork", ("name", "Process Run Crate"), ("version", "0.5"));
        yield return Entity(Licence, "CreativeWork", ("name", "Apache License 2.0"));
        foreach (var version in report.Attempts.Select(run => run.Provenance.HarnessVersion).Distinct())
            yield return Entity(Program(version), "SoftwareApplication", ("name", "harness"), ("softwareVersion", version));
        foreach (var file in files) yield return Entity(file, "File", ("name", file), ("encodingFormat", MediaType(file)));
        foreach (var card in report.Datasets)
            yield return Entity(ReportFiles.CroissantPath(card), "File", ("name", $"Croissant metadata of {card.Title}"),
                ("encodingFormat", "application/ld+json"));
        foreach (var run in report.Attempts) yield return RunEntity(run);
    }

    static Dictionary<string, object> RunEntity(RunRecord run)
    {
        var entity = Entity(Action(run), "CreateAction",
            ("name", $"{run.Trial.Family} on {run.Trial.Protocol}, seed {run.Trial.Seed}"), ("description", run.Provenance.CommandLine),
            ("startTime", Words.Instant(run.Started)), ("endTime", Words.Instant(run.Ended)),
            ("instrument", Reference(Program(run.Provenance.HarnessVersion))), ("result", References([ReportFiles.RunPath(run)])),
            ("actionStatus", Reference(run.State == RunState.Ok ? "http://schema.org/CompletedActionStatus"
                : "http://schema.org/FailedActionStatus")));
        if (run.Dataset is { } card) entity["object"] = References([ReportFiles.CroissantPath(card)]);
        if (run.State != RunState.Ok) entity["error"] = $"{Words.Of(run.State)}: {Words.Reason(run)}";
        return entity;
    }

    const string Licence = "https://www.apache.org/licenses/LICENSE-2.0";

    static string Action(RunRecord run) => $"#run-{Slug.Of(run.RunId)}";
    static string Program(string version) => $"#harness-{Slug.Of(version)}";

    static Dictionary<string, object> Entity(string id, string type, params (string Name, object Value)[] properties)
    {
        var entity = new Dictionary<string, object>(StringComparer.Ordinal) { ["@id"] = id, ["@type"] = type };
        foreach (var (name, value) in properties) entity[name] = value;
        return entity;
    }

    static Dictionary<string, string> Reference(string id) => new(StringComparer.Ordinal) { ["@id"] = id };
    static Dictionary<string, string>[] References(IEnumerable<string> ids) => [.. ids.Select(Reference)];

    static string MediaType(string file) => Path.GetExtension(file) switch
    {
        ".html" => "text/html", ".md" => "text/markdown", ".csv" => "text/csv", ".tex" => "application/x-tex", ".svg" => "image/svg+xml",
        ".json" => "application/json", ".sh" => "application/x-sh", _ => "text/plain",
    };
}
