using Harness.Publishing.Fleet;

namespace Harness.Publishing.Tests;

public sealed class FleetTests(Publishing site) : IClassFixture<Publishing>
{
    readonly string page = site.Read("devices.html");

    [Fact]
    public void A_device_stands_with_its_runs_its_marks_and_when_it_was_last_seen()
    {
        var board = RowOf("devices", "sim-loihi2-emulated");
        Assert.Contains("<span class=\"tag warn\">emulated</span>", board, StringComparison.Ordinal);
        Assert.Contains(">99.71</td>", board, StringComparison.Ordinal);
        var laptop = RowOf("devices", World.Laptop.Id);
        Assert.Contains("no reference", laptop, StringComparison.Ordinal);
        Assert.DoesNotContain("tag warn", laptop, StringComparison.Ordinal);
        Assert.Contains(Words(World.Fleet[1].At), laptop, StringComparison.Ordinal);
    }

    [Fact]
    public void A_device_of_the_fleet_that_never_ran_has_a_row_and_a_page()
    {
        var phone = RowOf("devices", "phone-1");
        Assert.Contains(">stand-in</span>", phone, StringComparison.Ordinal);
        Assert.Contains("<td class=\"n\">0</td>", phone, StringComparison.Ordinal);
        var own = site.Read("devices/phone-1.html");
        Assert.Contains("<dt>Governor</dt><dd>schedutil</dd>", own, StringComparison.Ordinal);
        Assert.Contains("No run yet", own, StringComparison.Ordinal);
    }

    [Fact]
    public void The_fleet_is_shown_as_of_its_newest_snapshot_with_what_it_says_as_text()
    {
        Assert.Contains(">running</span>", RowOf("units", World.Laptop.Id), StringComparison.Ordinal);
        Assert.Contains("−3.2 ± 0.4", System.Net.WebUtility.HtmlDecode(RowOf("units", World.Laptop.Id)), StringComparison.Ordinal);
        Assert.Contains("health check: the golden workload", RowOf("units", "phone-1"), StringComparison.Ordinal);
        Assert.DoesNotContain(World.Hostile, page, StringComparison.Ordinal);
        Assert.Contains("not described yet", RowOf("units", "lab-2"), StringComparison.Ordinal);
    }

    [Fact]
    public void Health_checks_of_all_snapshots_are_one_history_against_the_first_that_passed()
    {
        var history = new FleetHistory(World.Fleet.Reverse());

        Assert.Equal([("phone-1", false, null), (World.Laptop.Id, true, 1.25), (World.Laptop.Id, true, (double?)null)],
            history.Checks.Select(check => (check.Device, check.Report.Passed, check.Pace)));
        Assert.Equal(World.Fleet[1], history.Newest);
        // Two snapshots of one check are one check.
        Assert.Equal(3, new FleetHistory([.. World.Fleet, .. World.Fleet]).Checks.Count);
    }

    [Fact]
    public void Runs_that_are_not_of_the_same_model_are_counted_and_said_so()
    {
        var run = World.View.Runs.Single(one => one.Device.Class == "neuromorphic");
        var low = run with
        {
            Metrics = [.. run.Metrics.Where(value => value.Metric != "equivalence.agreement"),
                run.Metrics.Single(value => value.Metric == "equivalence.agreement") with { Value = 0.8 }],
            Readings = [new("equivalence.agreement", 0.8, "its speed is not that of the same model")],
        };

        var one = Assert.Single(Agreement.Of([run, low, World.View.Runs[0]]));

        Assert.Equal((2, 0.8, 0.21, 1), (one.Runs.Count, one.Lowest, one.Divergence, one.Warned));
        Assert.Equal((0.8 + 0.9971) / 2, one.Median, 12);
    }

    [Fact]
    public async Task Without_a_fleet_the_page_says_how_to_give_one_and_is_otherwise_the_same_for_results()
    {
        var folder = Directory.CreateTempSubdirectory("harness-site-");
        await new Publisher { Quantities = World.Quantities }.PublishAsync(World.View, folder, TestContext.Current.CancellationToken);
        var text = await File.ReadAllTextAsync(Path.Combine(folder.FullName, "devices.html"), TestContext.Current.CancellationToken);
        Assert.Contains("harness publish --fleet fleet.json", text, StringComparison.Ordinal);
        Assert.DoesNotContain("id=\"units\"", text, StringComparison.Ordinal);
        Assert.Contains("id=\"agreements\"", text, StringComparison.Ordinal);
        folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("null")]
    [InlineData("""{"devices":[]}""")]
    [InlineData("""{"at":"2026-11-24T00:00:00Z","devices":[{"state":"idle"}]}""")]
    public void A_file_that_is_no_snapshot_is_refused_with_the_command_that_writes_one(string text)
    {
        var file = new FileInfo(Path.Combine(site.Folder.FullName, "..", $"fleet-{text.Length}.json"));
        File.WriteAllText(file.FullName, text);

        Assert.Contains("harness device list --json", Assert.Throws<HarnessException>(() => FleetSnapshot.Read(file)).Message);

        file.Delete();
    }

    string RowOf(string table, string first)
    {
        var body = page[page.IndexOf($"id=\"{table}\"", StringComparison.Ordinal)..];
        return body[..body.IndexOf("</table>", StringComparison.Ordinal)].Split("<tr ").Single(row => row.Contains($">{first}<",
            StringComparison.Ordinal) || row.Contains($">{first} <", StringComparison.Ordinal));
    }

    static string Words(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd HH:mm", System.Globalization.CultureInfo.InvariantCulture);
}
