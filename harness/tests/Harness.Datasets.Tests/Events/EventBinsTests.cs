using CsCheck;
using Harness.Datasets.Events;

namespace Harness.Datasets.Tests.Events;

public sealed class EventBinsTests
{
    static readonly EventGeometry Sensor = new(3, 5, 2);

    [Fact]
    public void An_event_takes_eight_bytes() => Assert.Equal(8, System.Runtime.CompilerServices.Unsafe.SizeOf<Event>());

    [Fact]
    public void An_event_keeps_time_address_and_polarity() =>
        Gen.Select(Gen.Int[0, int.MaxValue], Gen.Int[0, Event.MostAddress], Gen.Bool).Sample((time, address, rising) =>
        {
            var item = new Event(time, address, rising);
            Assert.Equal((time, address, rising), (item.Microseconds, item.Address, item.Rising));
        });

    [Fact]
    public void Bins_count_what_falls_into_them() => Gen.Select(Gen.Int[0, 12_000], Gen.Int[0, 14], Gen.Bool).Array[0, 60]
        .Select(Gen.Int[1, 3], Gen.Bool).Sample((drawn, group, binary) =>
        {
            Event[] events = [.. drawn.Select(item => new Event(item.Item1, item.Item2, item.Item3))];
            var bins = new EventBins(Count: 10, Microseconds: 1000, group, binary);
            var frames = bins.Frames(new(events, Sensor, 7));
            var columns = (5 + group - 1) / group;
            var expected = new byte[10 * 2 * 3 * columns];
            foreach (var item in events.Where(item => item.Microseconds < 10_000))
            {
                var (row, column) = (item.Address / 5, item.Address % 5 / group);
                ref var cell = ref expected[((item.Microseconds / 1000 * 2 + (item.Rising ? 1 : 0)) * 3 + row) * columns + column];
                cell = binary ? (byte)1 : (byte)(cell + 1);
            }
            Assert.Equal((10, 6 * columns, 7), (frames.Steps, frames.Channels, frames.Label));
            Assert.Equal(expected, frames.Values.ToArray());
        });

    [Fact]
    public void Counts_stop_at_255()
    {
        var events = Enumerable.Repeat(new Event(5, 3, rising: true), 300).ToArray();
        var frames = new EventBins(1, 10).Frames(new(events, EventGeometry.Cochlea, 0));
        Assert.Equal(255, frames.Values.Span[3]);
    }

    [Fact]
    public void The_protocol_of_binned_events_says_how_they_are_binned()
    {
        var card = BinnedEvents.SpokenDigits.Card;
        Assert.Equal(("shd-like-50ms", "shd-like@1"), (card.Id, card.VariantOf));
        Assert.Equal(("50000 µs", "1000000 µs", "20"),
            (card.Parameters!["time-bin"], card.Parameters["cut-off"], card.Parameters["address-group"]));
    }
}
