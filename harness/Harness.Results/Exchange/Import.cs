using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Harness.Results.Exchange;

namespace Harness.Results;

/// <summary>What the user says of a file that does not say it itself.</summary>
public sealed record ImportNames(string? Model = null, string? Task = null);

/// <summary>Where an import comes from and who makes it.</summary>
/// <param name="File">Name of the file, without its folder.</param>
/// <param name="At">Time of the import; runs that do not say when they began get it.</param>
/// <param name="Program">Version, commit and command line of this harness.</param>
public sealed record ImportOrigin(string File, DateTimeOffset At, Provenance Program);

/// <summary>A result of another tool as a run, and its own words, which are stored with it as <see cref="Import.SourceFile"/>.</summary>
public sealed record ImportedRun(RunRecord Run, byte[] Source);

/// <summary>
/// Turns results of other tools into runs. Such a run belongs to the suite <c>imported</c>, has the purpose <c>imported</c>, and every
/// number of it is <c>declared</c>: it is never ranked among what this harness measured.
/// </summary>
public static class Import
{
    public const string SourceFile = "source.json";
    const string Suite = "imported";
    const string NotStated = "not stated";

    static readonly IReadOnlyList<Importer> Importers =
    [
        LlamaBenchImport.Importer, LmEvalImport.Importer, BenchmarkDotNetImport.Importer, MlPerfImport.Importer, NeuroBenchImport.Importer,
        AsvImport.Importer, BmfImport.Importer,
    ];

    /// <summary>Names of the tools whose results can be read, with the file each writes.</summary>
    public static IReadOnlyDictionary<string, string> Tools { get; } =
        Importers.ToDictionary(importer => importer.Tool, importer => importer.Writes, StringComparer.Ordinal);

    /// <summary>The same text always gives the same runs with the same ids, so that nothing is imported twice.</summary>
    /// <exception cref="HarnessException">The tool is unknown, or the text is not what it writes.</exception>
    public static IReadOnlyList<ImportedRun> Read(string tool, string text, ImportNames names, ImportOrigin origin)
    {
        var importer = Importers.FirstOrDefault(importer => importer.Tool == tool)
            ?? throw new HarnessException($"'{tool}' is no tool to import from; known are {string.Join(", ", Tools.Keys)}.");
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
        var runs = importer.Read(text, names);
        if (runs.Count == 0) throw new HarnessException($"'{origin.File}' holds no results of {tool}; it reads {importer.Writes}.");
        return [.. runs.Select((run, index) => Record(run, new Place(tool, hash, index), origin))];
    }

    static ImportedRun Record(ForeignRun foreign, Place place, ImportOrigin origin)
    {
        var started = foreign.Started ?? origin.At;
        var trial = new Trial(Suite, place.Tool, Named(foreign.Task), Named(foreign.Model), JsonSerializer.SerializeToElement(
            foreign.Configuration), foreign.Seed ?? 0, NotStated, foreign.Threads ?? 0) { Limit = foreign.Limit };
        var device = new DeviceCard(foreign.Machine ?? foreign.Processor ?? NotStated, NotStated, foreign.Processor ?? NotStated,
            foreign.Cores ?? 0, 0, foreign.OperatingSystem ?? NotStated, foreign.Runtime ?? NotStated);
        var provenance = origin.Program with
        { Session = $"import-{place.Hash[..12]}", Plan = $"{place.Tool} {foreign.ToolVersion ?? "of unknown version"}", Purpose =
            Words.Imported };
        var run = new RunRecord(place.Id(foreign.Started ?? DateTimeOffset.UnixEpoch), trial.Id, trial, foreign.State, foreign.Reason,
            device, started,
            started.AddSeconds(foreign.Seconds ?? 0), provenance)
        { Footprint = foreign.Footprint, Metrics = [.. foreign.Metrics.Select(Declared)], Timings = foreign.Timings };
        var source = new
        { place.Tool, Version = foreign.ToolVersion, origin.File, Sha256 = place.Hash, place.Index, Imported = origin.At, foreign.Entry };
        return new(run, Encoding.UTF8.GetBytes(CanonicalJson.Write(source) + "\n"));
    }

    static MetricValue Declared(MetricValue metric) => metric with { Source = "declared" };

    // Ours end in a version; 0 says that there is none.
    static string Named(string name) => name.Contains('@') ? name : name + "@0";

    /// <summary>A result's place in the file it came from.</summary>
    sealed record Place(string Tool, string Hash, int Index)
    {
        const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

        /// <summary>A ULID whose random part is a hash of the place; its time is the one the tool states, or none.</summary>
        public string Id(DateTimeOffset started)
        {
            var hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Tool} {Hash} {Index}")));
            var time = Math.Max(0, started.ToUnixTimeMilliseconds());
            Span<char> id = stackalloc char[26];
            for (var at = 9; at >= 0; at--, time >>= 5) id[at] = Alphabet[(int)(time & 31)];
            for (var at = 10; at < 26; at++) id[at] = Alphabet[hash[at] & 31];
            return new string(id);
        }
    }
}
