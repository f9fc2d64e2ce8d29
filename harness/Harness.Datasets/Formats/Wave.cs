namespace Harness.Datasets.Formats;

/// <summary>Sound, axis [sample], amplitude -1..1.</summary>
public sealed record Wave(ReadOnlyMemory<float> Samples, int SampleRate)
{
    const ushort Pcm = 1;
    const ushort Extensible = 0xFFFE;

    /// <summary>Reads RIFF/WAVE of 16-bit mono PCM. A data chunk whose length was never filled in (a stream) ends with the file.</summary>
    /// <param name="name">What messages call the content.</param>
    /// <exception cref="DataFormatException">Another format, or shorter than its header says.</exception>
    public static Wave Parse(byte[] bytes, string name)
    {
        using var stream = new MemoryStream(bytes, writable: false);
        var content = new BinaryContent(stream, name);
        if (content.Left < 12 || content.Text(4, "magic") != "RIFF") throw new DataFormatException(name, "it does not begin with RIFF");
        content.UInt32();
        if (content.Text(4, "form") != "WAVE") throw new DataFormatException(name, "it is RIFF, but not WAVE");
        var rate = 0;
        while (content.Left >= 8)
        {
            var (chunk, length) = (content.Text(4, "chunk"), (ulong)content.UInt32());
            if (chunk == "fmt ") rate = Format(content, length);
            else if (chunk == "data") return new(Decode(content.Bytes(Known(length, content.Left), "the data chunk"), rate, name), rate);
            else content.Bytes(Math.Min(length + length % 2, (ulong)content.Left), chunk);
        }
        throw new DataFormatException(name, "it has no data chunk");
    }

    // espeak-ng and other programs that write to a pipe leave the length at about 2^31.
    static ulong Known(ulong length, long left) => length >= 0x7FFF0000 ? (ulong)left : length;

    static int Format(BinaryContent content, ulong length)
    {
        if (length < 16) throw content.Wrong($"its format chunk has {length} bytes, at least 16 are needed");
        var (format, channels, rate) = (content.UInt16(), content.UInt16(), content.UInt32());
        content.UInt32();
        content.UInt16();
        var bits = content.UInt16();
        content.Bytes(Math.Min(length - 16 + length % 2, (ulong)content.Left), "the format chunk");
        if (format is not (Pcm or Extensible) || channels != 1 || bits != 16)
            throw content.Wrong($"format {format}, {channels} channels, {bits} bits; only 16-bit mono PCM is read");
        return rate is >= 1000 and <= 384_000 ? (int)rate : throw content.Wrong($"a sample rate of {rate} Hz; allowed are 1000 to 384000");
    }

    static float[] Decode(byte[] data, int rate, string name)
    {
        if (rate == 0) throw new DataFormatException(name, "its data come before its format");
        var samples = new float[data.Length / 2];
        for (var i = 0; i < samples.Length; i++) samples[i] = (short)(data[2 * i] | data[2 * i + 1] << 8) / 32768f;
        return samples;
    }
}
