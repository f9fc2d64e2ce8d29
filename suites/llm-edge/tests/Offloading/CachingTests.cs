using Harness.Datasets;
using Suites.LlmEdge.Offloading.Caching;
using Suites.LlmEdge.Offloading.Storage;

namespace Suites.LlmEdge.Tests.Offloading;

public sealed class CachingTests
{
    [Fact]
    public void What_was_used_longest_ago_leaves_first()
    {
        var (segment, left) = (new CacheSegment(30), new List<long>());
        foreach (var key in new long[] { 1, 2, 3 }) segment.Keep(key, 10);
        Assert.True(segment.Find(1));
        segment.Keep(4, 15, left.Add);
        Assert.Equal([2, 3], left);
        Assert.Equal((25, 2), (segment.Held, segment.Count));
        Assert.False(segment.Find(3));
        Assert.Equal(new SegmentUse(2, 1), segment.Use);
    }

    [Fact]
    public void An_entry_larger_than_the_budget_pushes_nothing_out()
    {
        var segment = new CacheSegment(30);
        segment.Keep(1, 10);
        segment.Keep(2, 31);
        Assert.Equal((true, false, 10), (segment.Holds(1), segment.Holds(2), segment.Held));
    }

    // Against a list that is searched from end to end.
    [Fact]
    public void Hits_are_those_of_a_list_kept_in_order_of_use()
    {
        var (chance, segment, list) = (new Chance(3), new CacheSegment(50), new List<(long Key, long Bytes)>());
        for (var step = 0; step < 20_000; step++)
        {
            var key = (long)(40 * chance.Unit() * chance.Unit());
            var bytes = 1 + key % 7;
            var at = list.FindIndex(entry => entry.Key == key);
            Assert.Equal(at >= 0, segment.Find(key));
            if (at >= 0) list.RemoveAt(at);
            else segment.Keep(key, bytes);
            list.Insert(0, (key, bytes));
            while (list.Sum(entry => entry.Bytes) > 50) list.RemoveAt(list.Count - 1);
            Assert.Equal(list.Sum(entry => entry.Bytes), segment.Held);
        }
    }

    [Fact]
    public void A_window_keeps_the_neurons_of_the_last_tokens_and_no_others()
    {
        var window = new TokenWindow(new(1, 100, 4), 1000, tokens: 2);
        foreach (var neurons in new int[][] { [1, 2], [2, 3], [4] })
        {
            foreach (var neuron in neurons) window.Ask(0, neuron, true);
            window.EndToken(0);
        }
        Assert.Equal([2, 3, 4], Enumerable.Range(0, 100).Where(neuron => window.Holds(0, neuron)));
        Assert.Equal(3 * 12, window.Held);
        Assert.Equal(new SegmentUse(5, 1), window.Use);
    }

    [Fact]
    public void Gate_rows_and_the_rest_are_kept_apart_where_they_are_read_apart()
    {
        var memory = new RecentNeurons(new(1, 10, 4), 24, split: true);
        Assert.Equal(new(true, false), memory.Ask(0, 1, rest: false));
        Assert.Equal((4, false), (memory.Held, memory.Holds(0, 1)));
        Assert.Equal(new(false, true), memory.Ask(0, 1, rest: true));
        Assert.Equal((12, true), (memory.Held, memory.Holds(0, 1)));
        Assert.Equal(new SegmentUse(2, 0), memory.Use);
    }
}
