using System.Xml.Linq;

namespace Harness.Results.Tests;

public sealed class FindingTests : StoreTest
{
    static Finding[] Findings =>
    [
        new Comparison(Example.Start, "accuracy.top1", 1, Example.Id(0), Example.Id(1), "paired_samples", -0.01, "worse")
        { Low = -0.02, High = -0.002, P = 0.003, Samples = 2264, Margin = 0.005 },
        new Alert(Example.Start.AddHours(1), "llm.decode_tps@1/phone", "llm.decode_tps", "regression", 21.5, 19.9, 0.078)
        { Q = 0.01, NoiseFloor = 0.012, FirstBadCommit = "a16b1fd", Runs = [Example.Id(0), Example.Id(1)], Reproduce = "harness compare" },
        new Occurrence(Example.Start.AddDays(40), "os_update", "phone-1", "build 15 to 16"),
        Night("latency.p50", "regression", 0.049),
    ];

    static Comparison Night(string metric, string outcome, double effect) => new(Example.Start.AddDays(41), metric, 1, Example.Id(0),
        Example.Id(1), "paired_time", effect, outcome == "regression" ? "worse" : "inconclusive")
    {
        Low = effect - 0.01, High = effect + 0.01, P = 0.002, DetectableEffect = 0.008, Samples = 5,
        Entry = new("night-1", $"{metric}@1|images/mnist@1/f@1|phone", "phone", SeriesEntry.Nightly, "b1", "h1", outcome, "pairs | say so")
        { NoiseFloor = 0.01, Before = 1, After = 1.05, Unit = "s", Runs = [Example.Id(0), Example.Id(1)] },
    };

    [Fact]
    public async Task Findings_of_the_last_weeks_are_read_without_opening_older_ones()
    {
        using (var store = await OpenAsync())
            foreach (var finding in Findings) await store.AppendAsync(finding, Cancellation);
        foreach (var file in Directory.GetFiles(PathOf("findings"), "*.json", SearchOption.AllDirectories)) File.Delete(file);
        using var reader = ResultStore.OpenForReading(Folder);
        Assert.Empty(await reader.ReadFindingsAsync(DateTimeOffset.MaxValue, Cancellation).ToListAsync(Cancellation));
        await Assert.ThrowsAsync<ResultDamagedException>(async () => await reader.ReadFindingsAsync(Cancellation).CountAsync(Cancellation));
    }

    [Fact]
    public void A_night_is_told_in_three_formats()
    {
        var (worse, open) = (Night("latency.p50", "regression", Math.Log(1.05)), Night("time.train", "unknown", 0.01));
        var alert = new Alert(Example.Start, worse.Entry!.Series, "latency.p50", "regression", 1, 1.05, Math.Log(1.05))
        {
            Unit = "s", GoodCommit = "b1", FirstBadCommit = "c7", Unjudged = ["c5", "c6"], Reproduce = "harness nightly n",
            Cause = "a\u0001b",
        };
        var night = new NightReport("night-1", "b1", "h1", "phone", [open, worse], [alert],
            [new(Example.Start, "environment", "phone", "the canary moved")], ["x/y: base failed"]);
        var markdown = Written(night, Export.Markdown);
        Assert.StartsWith("# 1 regression\n", markdown);
        Assert.Contains("latency.p50 1 s → 1.05 s, since commit c7 or one of c5, c6, which could not be judged", markdown);
        Assert.Contains("| +5.00 % | +3.96 % … +6.06 % | 0.002 | 0.80 % | regression: pairs \\| say so |", markdown);
        var suite = XDocument.Parse(Written(night, Export.JUnit)).Root!.Element("testsuite")!;
        Assert.Equal(("3", "1", "1", "1"), (suite.Attribute("tests")!.Value, suite.Attribute("failures")!.Value,
            suite.Attribute("errors")!.Value, suite.Attribute("skipped")!.Value));
        Assert.Equal("unknown: pairs | say so", suite.Elements("testcase").Single(test => test.Attribute("name")!.Value == "time.train")
            .Element("skipped")!.Attribute("message")!.Value);
        var lines = Written(night, Export.OpenMetrics).Split('\n');
        Assert.Contains(lines, line => line.StartsWith("harness_nightly_regression{series=\"latency.p50@1|images/mnist@1/f@1|phone\"",
            StringComparison.Ordinal) && line.Contains("} 1 ", StringComparison.Ordinal));
        Assert.Equal("# EOF", lines[^2]);
    }

    static string Written(NightReport night, Action<NightReport, TextWriter> write)
    {
        using var text = new StringWriter();
        write(night, text);
        return text.ToString();
    }

    [Fact]
    public async Task Findings_come_back_in_the_order_they_were_stored_and_are_verified()
    {
        using (var store = await OpenAsync())
        {
            foreach (var finding in Findings) await store.AppendAsync(finding, Cancellation);
            await store.AppendAsync(Findings[1], Cancellation);
        }
        using var reader = ResultStore.OpenForReading(Folder);
        var read = await reader.ReadFindingsAsync(Cancellation).ToListAsync(Cancellation);
        Assert.Equal(Findings.Select(CanonicalJson.Write), read.Select(CanonicalJson.Write));
        Assert.Empty(await VerifyAsync());
    }

    [Fact]
    public async Task An_edited_or_deleted_finding_is_found()
    {
        using (var store = await OpenAsync())
            foreach (var finding in Findings) await store.AppendAsync(finding, Cancellation);
        var files = Directory.GetFiles(PathOf("findings"), "*.json", SearchOption.AllDirectories).Order().ToList();
        File.Delete(files[0]);
        await File.AppendAllTextAsync(files[1], " ", Cancellation);
        Assert.Equal(2, (await VerifyAsync()).Count);
    }

    [Fact]
    public async Task A_finding_that_a_crash_kept_out_of_the_chain_is_added()
    {
        using (var store = await OpenAsync()) await store.AppendAsync(Findings[0], Cancellation);
        File.Delete(PathOf("chain.log"));
        using (await OpenAsync()) Assert.Single(await File.ReadAllLinesAsync(PathOf("chain.log"), Cancellation));
        Assert.Empty(await VerifyAsync());
    }
}
