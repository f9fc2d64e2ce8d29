using System.Formats.Tar;
using System.IO.Compression;
using System.Text;

namespace Harness.Fuzzing.Readers;

/// <summary>Makes valid contents, and hands damaged ones to readers of files.</summary>
static class Content
{
    /// <summary>A content that another program wrote; <c>Seeds/make.py</c> tells how.</summary>
    public static byte[] Seed(string name)
    {
        using var seed = typeof(Content).Assembly.GetManifestResourceStream(name)!;
        var content = new byte[seed.Length];
        seed.ReadExactly(content);
        return content;
    }

    public static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);

    public static TextReader Reader(byte[] content) => new StreamReader(new MemoryStream(content));

    /// <summary>What a writer of streams writes.</summary>
    public static byte[] Written(Action<MemoryStream> write)
    {
        using var stream = new MemoryStream();
        write(stream);
        return stream.ToArray();
    }

    /// <summary>Little-endian values one after the other, by their .NET types.</summary>
    public static byte[] Values(params object[] values) => Written(stream =>
    {
        using var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true);
        foreach (var value in values)
            switch (value)
            {
                case int number: writer.Write(number); break;
                case uint number: writer.Write(number); break;
                case ulong number: writer.Write(number); break;
                case float number: writer.Write(number); break;
                case byte number: writer.Write(number); break;
                case string text: // as GGUF writes it
                    writer.Write((ulong)text.Length);
                    writer.Write(Encoding.ASCII.GetBytes(text));
                    break;
                default: writer.Write((byte[])value); break;
            }
    });

    public static byte[] Tar(params (string Name, byte[] Content)[] files) => Written(stream =>
    {
        using var tar = new TarWriter(stream, leaveOpen: true);
        foreach (var (name, content) in files)
            tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name)
            {
                DataStream = new MemoryStream(content), ModificationTime = DateTimeOffset.UnixEpoch,
            });
    });

    public static byte[] Zip(CompressionLevel level, params (string Name, byte[] Content)[] files) => Written(stream =>
    {
        using var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        foreach (var (name, content) in files)
        {
            var entry = zip.CreateEntry(name, level);
            entry.LastWriteTime = new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);
            using var target = entry.Open();
            target.Write(content);
        }
    });

    public static byte[] Gzip(byte[] content) => Written(stream =>
    {
        using var gzip = new GZipStream(stream, CompressionLevel.Fastest, leaveOpen: true);
        gzip.Write(content);
    });

    /// <summary>Lets a reader of files read the content, which lies in a folder of its own for as long.</summary>
    public static void InFile(byte[] content, string name, Action<FileInfo> read)
    {
        var folder = Directory.CreateTempSubdirectory("harness-fuzzing-");
        try
        {
            var file = new FileInfo(Path.Combine(folder.FullName, name));
            File.WriteAllBytes(file.FullName, content);
            read(file);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Reads a sequence to its end.</summary>
    public static void Drain<T>(IEnumerable<T> samples)
    {
        using var sample = samples.GetEnumerator();
        while (sample.MoveNext()) { }
    }
}
