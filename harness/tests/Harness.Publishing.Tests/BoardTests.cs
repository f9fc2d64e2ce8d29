using Harness.Publishing.Boards;
using Harness.Publishing.History;
using Harness.Publishing.Text;
using Harness.Statistics;

namespace Harness.Publishing.Tests;

public sealed class BoardTests
{
    static readonly Site Site = new(World.View, new Publisher { Quantities = World.Quantities },
        new Changes(new Dictionary<string, IReadOnlyList<Change>>()));
    static readonly Board Mnist = Site.Boards.First(board => board.Protocol == "mnist@1");

    [Fact]
    public void A_rank_is_the_range_of_places_that_the_intervals_allow()
    {
        var first = Mnist.Rows[0];
        Assert.Equal(new RankRange(1, 3), first.Rank);
        Assert.Equal(Standing.NotDistinguishable, first.Standing);
        var last = Mnist.Rows.Last(row => row.Rank is not null);
        Assert.StartsWith("majority-class", last.Family);
        Assert.Equal(last.Rank!.Best, last.Rank.Worst);
        Assert.All(Mnist.Rows.Where(row => row.Finished.Count == 0), row => Assert.Null(row.Rank));
    }

    [Fact]
    public void An_ablation_changes_one_hyper_parameter_to_its_next_value()
    {
        var ablation = Assert.Single(Ablation.Of(Mnist), pair => pair.Knob == "depth");
        Assert.Equal(("spikformer@1", "2", "4"), (ablation.Before.Family, ablation.From, ablation.To));
        var effect = Effect.OfOrNull(ablation.Before.Cells[Mnist.PrimaryIndex], ablation.After.Cells[Mnist.PrimaryIndex])!;
        Assert.Equal(3, effect.Seeds);
        Assert.Equal(effect.Difference, effect.Paired!.Value, 12);
        Assert.False(effect.Clear);
    }

    [Fact]
    public void A_sweep_holds_the_values_of_one_hyper_parameter_and_says_who_cannot_be_ranked()
    {
        var pair = Ablation.Of(Mnist).First(pair => pair.Knob == "depth");
        var sweep = Assert.Single(Sweep.Of(Mnist, values: 2), sweep => sweep.Knob == "depth");
        Assert.Equal(["2", "4"], sweep.Rows.Select(row => row.Value));
        Assert.Equal(pair.Before.Key, sweep.Rows[0].Row.Key);
        // Their intervals overlap, so that each may hold either place.
        Assert.All(sweep.Rows, row => Assert.Equal(new RankRange(1, 2), row.Row.Rank));
        Assert.DoesNotContain(Sweep.Of(Mnist, values: 3), sweep => sweep.Knob == "depth");
    }

    [Fact]
    public void Knobs_of_a_nested_record_stand_under_its_name() => Assert.Equal(
        [("width", "64"), ("training.epochs", "3"), ("training.loss.kind", "a")],
        Words.Members(System.Text.Json.JsonElement.Parse("""{"width":64,"training":{"epochs":3,"loss":{"kind":"a"}}}""")));

    [Fact]
    public void A_slower_commit_is_an_alert_that_names_the_commits()
    {
        var alert = Assert.Single(Site.Alerts, alert => alert.Series.Column.Metric == "latency.p50");
        Assert.Equal(AlertKind.Worse, alert.Kind);
        Assert.Equal("night-17", alert.First.Session);
        Assert.Equal(["commit aaaaaaaaaa → bbbbbbbbbb"], alert.Suspects);
        Assert.Contains("+20", alert.Sentence);
        Assert.DoesNotContain(Site.Alerts, other => other.Series.Column.Primary);
        Assert.Contains(Site.Alerts, other => other.Series.Column.Metric == "speed.samples_per_second" && other.Kind == AlertKind.Worse);
    }

    [Fact]
    public void Changes_kept_from_an_earlier_publication_are_taken_only_for_the_same_series()
    {
        var series = Series.Of(Mnist, Mnist.Rows.Single(row => row.Replaced > 0)).First(one => one.Column.Metric == "latency.p50");
        Change[] kept = [new(3, 1, 2, 0.005)];
        var changes = new Changes(new Dictionary<string, IReadOnlyList<Change>> { [series.Digest] = kept });
        Assert.Same(kept, changes.Of(series));
        Assert.NotEqual(kept, changes.Of(series with { Occasions = [.. series.Occasions.SkipLast(1)] }));
    }

    [Fact]
    public void The_week_s_news_are_what_the_week_s_runs_changed()
    {
        Assert.Contains(Site.News, item => item is { Kind: "first place", Board.Protocol: "mnist@1" });
        Assert.Contains(Site.News, item => item.Kind == "failed" && item.Row!.Family == "hostile@1");
        Assert.DoesNotContain(Site.News, item => item.Board.Protocol == "mnist@2");
    }

    [Fact]
    public void A_measured_joule_is_compared_with_every_estimate_of_its_row()
    {
        var pairs = EnergyPair.Measured(Site.Boards);
        Assert.Equal(6, pairs.Count);
        Assert.All(pairs, pair => Assert.Equal(("E1", "E2"), (pair.EstimateCell.Tier, pair.OtherCell.Tier)));
        Assert.Equal(1, Kendall.TauB([.. pairs
            .Where(pair => pair.Board.Columns[pair.Estimate].Metric == "energy.spikformer")
            .Select(pair => (pair.EstimateCell.Mean, pair.OtherCell.Mean))]));
    }

    [Theory]
    [InlineData(0.98, 0.0004, "0.04")]
    [InlineData(0.98, 0, "0")]
    [InlineData(0.98, 1e-17, "0")]
    public void A_deviation_has_the_decimals_of_its_mean(double mean, double spread, string text) =>
        Assert.Equal(text, new Text.Scale("%", 100, 2).Spread(mean, spread));
}
