using System.Text;
using Harness.Datasets.Events;
using Harness.Datasets.Formats;

namespace Harness.Fuzzing.Readers;

static class EventReaders
{
    static readonly EventGeometry Saccade = new(34, 34, 2);
    static readonly EventGeometry Dvs = new(128, 128, 2);

    public static IReadOnlyList<FuzzedReader> All { get; } =
    [
        new("aer-34", [Aer.Write(Events(Saccade), Saccade), [3, 240, 0, 0, 0, 5, 6, 0x81, 2, 3]],
            content => Aer.Parse(content, Saccade, "aer")),
        new("aer-128", [Aer.Write(Events(Dvs), Dvs)], content => Aer.Parse(content, Dvs, "aer")),
        new("wave", [Sound(format: 1, extra: []), Sound(format: 0xFFFE, extra: new byte[24])], content => Wave.Parse(content, "wave")),
    ];

    static Event[] Events(EventGeometry geometry) =>
        [.. Enumerable.Range(0, 40).Select(i => new Event(1000 * i, i * 31 % geometry.Addresses, i % 3 == 0))];

    static byte[] Sound(ushort format, byte[] extra) => Content.Written(stream =>
    {
        using var writer = new BinaryWriter(stream, Encoding.ASCII, leaveOpen: true);
        writer.Write("RIFF"u8);
        writer.Write(100 + extra.Length);
        writer.Write("WAVEfmt "u8);
        writer.Write(16 + extra.Length);
        writer.Write(format);
        writer.Write((ushort)1);
        writer.Write(8000);
        writer.Write(16_000);
        writer.Write((ushort)2);
        writer.Write((ushort)16);
        writer.Write(extra);
        writer.Write("LIST"u8);
        writer.Write(3);
        writer.Write([1, 2, 3, 0]);
        writer.Write("data"u8);
        writer.Write(40);
        writer.Write(new byte[40]);
    });
}
