using Harness.Datasets.Events;

namespace Harness.Datasets.Formats;

/// <summary>
/// Address events of 40 bits, as N-MNIST (Orchard et al. 2015) and SLAYER's <c>.bs2</c> files store them: x, y, then polarity (1 bit) and
/// time in microseconds (23 bits, big-endian). An event with y = 240 is a clock overflow and adds 2^13 µs to all that follow.
/// </summary>
public static class Aer
{
    const int EventBytes = 5;
    const int OverflowRow = 240;
    const int OverflowMicroseconds = 1 << 13;

    /// <summary>Decodes a whole recording, in file order.</summary>
    /// <param name="name">What messages call the content.</param>
    /// <exception cref="DataFormatException">Not a whole number of events, or an address outside the sensor.</exception>
    public static Event[] Parse(ReadOnlySpan<byte> content, EventGeometry geometry, string name)
    {
        if (content.Length % EventBytes != 0)
            throw new DataFormatException(name, $"{content.Length} bytes are not a whole number of {EventBytes}-byte events");
        var events = new Event[content.Length / EventBytes];
        var (count, late) = (0, 0L);
        for (var at = 0; at < content.Length; at += EventBytes)
        {
            var (x, y) = (content[at], content[at + 1]);
            if (y == OverflowRow && geometry.Height <= OverflowRow)
            {
                late += OverflowMicroseconds;
                continue;
            }
            if (x >= geometry.Width || y >= geometry.Height)
                throw new DataFormatException(name,
                    $"event {at / EventBytes} lies at ({x}, {y}), outside {geometry.Width} × {geometry.Height}");
            var time = late + ((content[at + 2] & 0x7F) << 16 | content[at + 3] << 8 | content[at + 4]);
            if (time > int.MaxValue) throw new DataFormatException(name,
                $"event {at / EventBytes} lies {time} µs after the start, more than {int.MaxValue}");
            events[count++] = new((int)time, y * geometry.Width + x, (content[at + 2] & 0x80) != 0);
        }
        return events[..count];
    }

    /// <summary>Encodes events of the first 2^23 µs.</summary>
    public static byte[] Write(ReadOnlySpan<Event> events, EventGeometry geometry)
    {
        var content = new byte[events.Length * EventBytes];
        for (var i = 0; i < events.Length; i++)
        {
            var item = events[i];
            var at = content.AsSpan(i * EventBytes, EventBytes);
            if (item.Microseconds is < 0 or > 0x7FFFFF)
                throw new ArgumentException($"Event {i} lies at {item.Microseconds} µs; the format holds 0 to {0x7FFFFF}.", nameof(events));
            (at[0], at[1]) = (checked((byte)(item.Address % geometry.Width)), checked((byte)(item.Address / geometry.Width)));
            at[2] = (byte)((item.Rising ? 0x80 : 0) | item.Microseconds >> 16);
            (at[3], at[4]) = ((byte)(item.Microseconds >> 8), (byte)item.Microseconds);
        }
        return content;
    }
}
