using System.Text.Json;
using System.Xml.Linq;

namespace Harness.Cli.Tests;

/// <summary>Whole nights with real worker processes of real commits, whose truth is known.</summary>
public sealed class NightlyTests : IDisposable
{
    readonly HarnessProcess _harness = new();
    readonly FakeRepository _repository;
    readonly string _nightly;

    public NightlyTests()
    {
        _repository = new(new(Path.Combine(_harness.Folder.FullName, "repository")));
        _repository.Create();
        var plan = _harness.Write("plan.yaml", "");
        var (planText, nightlyText) = FakeRepository.Files(plan);
        _harness.Write("plan.yaml", planText);
        _nightly = _harness.Write("nightly.yaml", nightlyText);
    }

    public void Dispose() => _harness.Dispose();

    Task<Outcome> Night(params string[] more) =>
        _harness.RunHere(["nightly", _nightly, "--repository", _repository.Folder.FullName, .. more]);

    static JsonElement Report(Outcome outcome) => JsonElement.Parse(outcome.Data);

    static JsonElement Alert(Outcome outcome, string metric) => Assert.Single(
        Report(outcome).GetProperty("alerts").EnumerateArray(), alert => alert.GetProperty("metric").GetString() == metric);

    [Fact]
    public async Task A_slower_commit_is_confirmed_found_and_reported_everywhere()
    {
        _repository.Commit("nothing");
        _repository.Write("cost", "1200000");
        var culprit = _repository.Commit("20 % slower");
        _repository.Write("unbuildable", "");
        _repository.Commit("does not build");
        _repository.Delete("unbuildable");
        var head = _repository.Commit("builds again");
        string[] files = [.. new[] { "night.md", "night.xml", "night.txt" }.Select(name => Path.Combine(_harness.Folder.FullName, name))];

        var night = await Night("--json", "--markdown", files[0], "--junit", files[1], "--openmetrics", files[2]);

        Assert.True(night.Code == ExitCodes.Regression, night.ToString());
        var alert = Alert(night, "latency.p50");
        Assert.Equal(culprit, alert.GetProperty("firstBadCommit").GetString());
        Assert.InRange(alert.GetProperty("effect").GetDouble(), Math.Log(1.18), Math.Log(1.22));
        Assert.True(alert.GetProperty("q").GetDouble() <= 0.05);
        Assert.Equal(culprit, Alert(night, "speed.samples_per_second").GetProperty("firstBadCommit").GetString());
        Assert.DoesNotContain(Report(night).GetProperty("alerts").EnumerateArray(), other => other.GetProperty("metric").GetString() is
            "time.train" or "accuracy");
        Assert.Contains($"since commit {culprit[..12]}", await File.ReadAllTextAsync(files[0], TestContext.Current.CancellationToken));
        var suite = XDocument.Load(files[1]).Root!.Element("testsuite")!;
        Assert.Equal(("2", "0"), (suite.Attribute("failures")!.Value, suite.Attribute("errors")!.Value));
        Assert.Equal(["latency.p50", "speed.samples_per_second"], suite.Elements("testcase")
            .Where(test => test.Element("failure") is not null).Select(test => test.Attribute("name")!.Value));
        Assert.Contains("harness_nightly_regression{", await File.ReadAllTextAsync(files[2], TestContext.Current.CancellationToken));
        await CheckStoreAsync(culprit, head);
    }

    async Task CheckStoreAsync(string culprit, string head)
    {
        Assert.Equal(ExitCodes.Ok, (await _harness.RunHere("verify", "--require-signature")).Code);
        var alerts = await _harness.RunHere("query", "SELECT DISTINCT first_bad_commit, verdict FROM alerts", "--csv");
        Assert.Equal($"first_bad_commit,verdict\n{culprit},regression\n", alerts.Data);
        var arms = await _harness.RunHere("query", "SELECT pair_arm, count(*) AS n FROM runs WHERE purpose = 'control_aa' OR "
            + $"harness_commit = '{head}' GROUP BY 1 ORDER BY 1", "--csv");
        Assert.StartsWith("pair_arm,n\ncopy,4\nhead,", arms.Data);
        var site = Path.Combine(_harness.Folder.FullName, "site");
        Assert.Equal(ExitCodes.Ok, (await _harness.RunHere("publish", "--output", site)).Code);
        foreach (var file in new[] { "alerts.html", "alerts.atom", "alerts.json" })
            Assert.Contains(culprit[..10], await File.ReadAllTextAsync(Path.Combine(site, file), TestContext.Current.CancellationToken));
        // The next night knows it: the same head is no news.
        var again = await Night("--json");
        Assert.True(again.Code == ExitCodes.Ok, again.ToString());
    }

    [Fact]
    public async Task A_build_against_itself_raises_nothing()
    {
        var night = await Night("--json");
        Assert.True(night.Code == ExitCodes.Ok, night.ToString());
        var report = Report(night);
        Assert.Empty(report.GetProperty("alerts").EnumerateArray());
        var outcomes = report.GetProperty("comparisons").EnumerateArray().Select(found => found.GetProperty("entry"))
            .Where(entry => entry.GetProperty("role").GetString() == "nightly").Select(entry => entry.GetProperty("outcome").GetString());
        Assert.Equal(4, outcomes.Count());
        Assert.All(outcomes, outcome => Assert.True(outcome is "quiet" or "equivalent", outcome));
    }

    [Fact]
    public async Task A_loss_of_accuracy_and_a_changed_count_are_found_to_the_commit()
    {
        _repository.Write("macs", "112");
        var heavier = _repository.Commit("12 % more operations");
        _repository.Answer(wrong: 25);
        var worse = _repository.Commit("15 points less accurate");
        _repository.Commit("nothing");
        var night = await Night("--json");
        Assert.True(night.Code == ExitCodes.Regression, night.ToString());
        var accuracy = Alert(night, "accuracy");
        Assert.Equal(worse, accuracy.GetProperty("firstBadCommit").GetString());
        Assert.Equal(-0.15, accuracy.GetProperty("effect").GetDouble(), 1e-9);
        Assert.Contains("15 samples lost and 0 won of 100", accuracy.GetProperty("cause").GetString());
        var count = Alert(night, "ops.macs");
        Assert.Equal((heavier, 100.0, 112.0), (count.GetProperty("firstBadCommit").GetString(), count.GetProperty("before").GetDouble(),
            count.GetProperty("after").GetDouble()));
        // A wrong answer is not timed: how fast it comes says nothing.
        Assert.DoesNotContain(Report(night).GetProperty("comparisons").EnumerateArray(), found => found.GetProperty("design").GetString()
            == "paired_time" && found.GetProperty("entry").GetProperty("role").GetString() == "nightly");
    }

    [Fact]
    public async Task A_head_that_no_longer_runs_is_a_regression_of_its_commit()
    {
        _repository.Write("broken", "");
        var culprit = _repository.Commit("breaks it");
        _repository.Commit("nothing");
        var night = await Night("--json");
        Assert.True(night.Code == ExitCodes.Regression, night.ToString());
        var alert = Alert(night, "run.completes");
        Assert.Equal(culprit, alert.GetProperty("firstBadCommit").GetString());
        Assert.Contains("the commit broke it", alert.GetProperty("cause").GetString());
    }

    [Fact]
    public async Task A_head_that_does_not_build_is_an_infrastructure_error_with_the_end_of_the_log()
    {
        _repository.Write("unbuildable", "");
        _repository.Commit("does not build");
        var night = await Night();
        Assert.Equal(ExitCodes.Infrastructure, night.Code);
        Assert.Contains("does not build", night.Messages);
    }

    [Fact]
    public async Task The_plan_of_a_night_is_explained_without_running_anything()
    {
        var plan = await Night("--explain", "--json");
        Assert.True(plan.Code == ExitCodes.Ok, plan.ToString());
        var cell = Assert.Single(Report(plan).EnumerateArray());
        Assert.Equal(("never measured", true), (cell.GetProperty("reason").GetString(), cell.GetProperty("isChosen").GetBoolean()));
        Assert.Equal(0, _harness.StoredRuns);
        var short_ = await Night("--explain", "--json", "--budget", "10s");
        Assert.Contains("used up", Assert.Single(Report(short_).EnumerateArray()).GetProperty("reason").GetString());
    }

    [Theory]
    [InlineData("pairs: 1", "at least 2")]
    [InlineData("quantities: [accuracy]", "no physical quantity")]
    [InlineData("bugdet: 8h", "bugdet")]
    [InlineData("budget: long", "no time")]
    public async Task A_senseless_file_is_refused_with_the_value(string line, string expected)
    {
        var lines = File.ReadAllLines(_nightly).Where(other => !other.StartsWith(line.Split(':')[0])).Append(line);
        await File.WriteAllLinesAsync(_nightly, lines, TestContext.Current.CancellationToken);
        var night = await Night();
        Assert.Equal(ExitCodes.Usage, night.Code);
        Assert.Contains(expected, night.Messages);
    }
}
