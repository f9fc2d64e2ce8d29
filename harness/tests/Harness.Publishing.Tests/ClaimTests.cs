using System.Text.Json;
using Harness.Publishing.Reports;

namespace Harness.Publishing.Tests;

public sealed class ClaimTests
{
    static Claim Claim(string id, double value, double tolerance, ClaimScale scale = ClaimScale.Full, int depth = 4) =>
        new(id, $"Accuracy with depth {depth}", "Table 2", value, "%", tolerance, scale)
        {
            Ours = new("mnist@1", "spikformer@1", "accuracy") { With = JsonSerializer.SerializeToElement(new { depth }) },
            Difference = scale == ClaimScale.Full ? null : "Fewer epochs.",
        };

    public static ClaimSet Set { get; } = new("world", "A paper about the world")
    {
        Authors = "A, B", Venue = "Venue", Year = 2025, Link = "https://example.org/paper",
        Claims =
        [
            Claim("near", 99.0, 0.5), Claim("far", 97.0, 0.5), Claim("small", 99.9, 0.1, ClaimScale.Reduced),
            Claim("absent", 99.0, 0.5, depth: 9),
            new("elsewhere", "Accuracy on ImageNet", "Table 1", 74.81, "%", 0.5, ClaimScale.None) { Difference = "No ImageNet here." },
        ],
    };

    static ClaimResult Of(Claim claim) => ClaimResult.Of(claim, World.View.Runs);

    [Fact]
    public void A_claim_is_judged_only_at_the_paper_s_scale()
    {
        Assert.Equal([ClaimVerdict.Reproduced, ClaimVerdict.NotReproduced, ClaimVerdict.OtherScale, ClaimVerdict.NotRun,
            ClaimVerdict.NotRun],
            Set.Claims.Select(claim => Of(claim).Verdict));
        var near = Of(Set.Claims[0]);
        Assert.Equal(3, near.Runs.Count);
        Assert.Equal(0.9897, near.Value!.Value, 10);
    }

    [Fact]
    public void A_recorded_number_holds_until_somebody_changes_it_or_its_runs()
    {
        var claim = Set.Claims[0] with { Recorded = Of(Set.Claims[0]).Value };
        Assert.False(Of(claim).Changed);
        Assert.True(Of(claim with { Recorded = claim.Recorded + 1e-6 }).Changed);
        var tampered = World.View.Runs.Select(run => run.RunId != Of(claim).Runs[0].RunId ? run
            : run with { Metrics = [.. run.Metrics.Select(value => value with { Value = value.Value + 0.0001 })] });
        Assert.True(ClaimResult.Of(claim, tampered).Changed);
        Assert.True(ClaimResult.Of(claim, []).Changed);
    }

    [Theory]
    [InlineData("""{"id":"a","title":"t","authors":"a","venue":"v","year":2025,"claims":[],"extra":1}""", "extra")]
    [InlineData("""{"id":"a","title":"t","authors":"a","venue":"v","year":2025,"claims":[]}""", "no claim")]
    [InlineData("""{"id":"a","title":"t","authors":"a","venue":"v","claims":[]}""", "year")]
    [InlineData("""
        {"id":"a","title":"t","authors":"a","venue":"v","year":2025,
         "claims":[{"id":"c","statement":"s","where":"w","value":1,"unit":"%","tolerance":1,"scale":"none"}]}
        """, "claim 'c' needs 'difference'")]
    public void A_wrong_claims_file_is_refused_with_what_is_wrong(string json, string problem) =>
        Assert.Contains(problem, Assert.Throws<HarnessException>(() => ClaimReader.Read(JsonDocument.Parse(json).RootElement,
            "claims.yaml")).Message);

    [Fact]
    public async Task A_report_is_the_same_bytes_each_time_and_counts_what_it_did_not_use()
    {
        var (one, other) = (Directory.CreateTempSubdirectory("harness-report-"), Directory.CreateTempSubdirectory("harness-report-"));
        var report = new Report(Set, World.View.Runs, World.View.At);
        var files = await report.WriteAsync(one, run => $"repeat {run.RunId}", TestContext.Current.CancellationToken);
        await new Report(Set, [.. World.View.Runs.Reverse()], World.View.At).WriteAsync(other, run => $"repeat {run.RunId}",
            TestContext.Current.CancellationToken);
        Publishing.AssertSame(one, other, files);
        var script = await File.ReadAllTextAsync(Path.Combine(one.FullName, "reproduce.sh"), TestContext.Current.CancellationToken);
        Assert.Equal(1 + 1 + 3, script.Split("repeat 01JDE").Length - 1);
        var macros = await File.ReadAllTextAsync(Path.Combine(one.FullName, "macros.tex"), TestContext.Current.CancellationToken);
        Assert.Contains(@"\newcommand{\claimNearOurs}{98.97 \% [98.73, 99.20]}", macros);
        Assert.Contains(@"\newcommand{\claimAbsentOurs}{not run}", macros);
        var checklist = await File.ReadAllTextAsync(Path.Combine(one.FullName, "checklist-neurips.md"),
            TestContext.Current.CancellationToken);
        Assert.Contains("**Broader impacts** [TODO]", checklist);
        var figure = await File.ReadAllTextAsync(Path.Combine(one.FullName, "figures/claims.svg"), TestContext.Current.CancellationToken);
        Assert.StartsWith("<svg", figure);
        System.Xml.Linq.XDocument.Parse(figure);
        one.Delete(recursive: true);
        other.Delete(recursive: true);
    }

    [Theory]
    [InlineData("cifar10-accuracy", "CifarOneZeroAccuracy")]
    [InlineData("a_b", "AB")]
    public void A_macro_has_letters_only(string id, string name) => Assert.Equal(name, ClaimTables.MacroName(id));
}
