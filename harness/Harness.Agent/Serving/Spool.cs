using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Harness.Agent.Running;
using Harness.Queue.Blobs;
using Harness.Queue.Protocol;

namespace Harness.Agent.Serving;

/// <summary>A finished result on its way to the coordinator.</summary>
sealed record SpooledResult(FileInfo Head, FileInfo Observations, DoneRequest Signed, Envelope Envelope);

/// <summary>
/// Finished results, kept on the disk until the coordinator has confirmed them. The observations come first and the signed envelope last:
/// where there is an envelope, the result is whole.
/// </summary>
sealed class Spool(DirectoryInfo folder)
{
    const string HeadEnding = ".json", LinesEnding = ".jsonl.gz", PartEnding = ".part";

    readonly DirectoryInfo _refused = new(Path.Combine(folder.FullName, "refused"));

    /// <summary>Removes what a crash left half done.</summary>
    public void Clear()
    {
        folder.Create();
        foreach (var part in folder.EnumerateFiles("*" + PartEnding)) part.Delete();
        foreach (var lines in folder.EnumerateFiles("*" + LinesEnding).Where(lines => !HeadOf(lines).Exists)) lines.Delete();
    }

    /// <summary>Whole results, the oldest first. One whose files are damaged is put aside.</summary>
    public IReadOnlyList<SpooledResult> Waiting()
    {
        folder.Create();
        return [.. folder.EnumerateFiles("*" + HeadEnding).OrderBy(file =>
            file.LastWriteTimeUtc).Select(ReadOrNull).OfType<SpooledResult>()];
    }

    /// <summary>Begins a result; nothing of it counts before <see cref="Finish"/>.</summary>
    /// <exception cref="IOException">The disk cannot take it.</exception>
    public ObservationFile Begin(string job, long token)
    {
        folder.Create();
        return new(new FileInfo(Path.Combine(folder.FullName, $"{job}-{token}{LinesEnding}{PartEnding}")));
    }

    /// <summary>Makes a result whole: the lines, then the envelope with their hash and its signature.</summary>
    public void Finish(ObservationFile lines, Envelope envelope, IDeviceKey key)
    {
        var place = Path.Combine(folder.FullName, $"{envelope.Job}-{envelope.Token}");
        File.Move(lines.File.FullName, place + LinesEnding, overwrite: true);
        var text = CanonicalJson.Write(envelope);
        var signed = new DoneRequest(text, key.Sign(Encoding.UTF8.GetBytes(text)));
        try
        {
            DurableFile.Replace(place + HeadEnding, JsonSerializer.SerializeToUtf8Bytes(signed, CanonicalJson.Options));
        }
        catch (IOException)
        {
            // Without its head it is no result, and the room is needed.
            File.Delete(place + LinesEnding);
            throw;
        }
    }

    public void Confirm(SpooledResult result)
    {
        result.Head.Delete();
        result.Observations.Delete();
    }

    /// <summary>Puts a result aside that the coordinator will never take, for a person to look at.</summary>
    public void Refuse(SpooledResult result)
    {
        _refused.Create();
        result.Observations.MoveTo(Path.Combine(_refused.FullName, result.Observations.Name), overwrite: true);
        result.Head.MoveTo(Path.Combine(_refused.FullName, result.Head.Name), overwrite: true);
    }

    SpooledResult? ReadOrNull(FileInfo head)
    {
        var lines = new FileInfo(head.FullName[..^HeadEnding.Length] + LinesEnding);
        try
        {
            var signed = JsonSerializer.Deserialize<DoneRequest>(File.ReadAllBytes(head.FullName), CanonicalJson.Options)!;
            var envelope = JsonSerializer.Deserialize<Envelope>(signed.Envelope, CanonicalJson.Options)!;
            if (lines.Exists && lines.Length == envelope.Bytes) return new(head, lines, signed, envelope);
        }
        catch (JsonException) { }
        _refused.Create();
        head.MoveTo(Path.Combine(_refused.FullName, head.Name), overwrite: true);
        return null;
    }

    static FileInfo HeadOf(FileInfo lines) => new(lines.FullName[..^LinesEnding.Length] + HeadEnding);
}

/// <summary>The lines of a run as they are written: those of the worker protocol, compressed.</summary>
sealed class ObservationFile : IAsyncDisposable
{
    readonly FileStream _stream;
    readonly GZipStream _packed;

    public ObservationFile(FileInfo file)
    {
        File = file;
        _stream = new FileStream(file.FullName, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16);
        _packed = new GZipStream(_stream, CompressionLevel.Fastest, leaveOpen: true);
    }

    public FileInfo File { get; }

    public async ValueTask AddAsync(Observation observation, CancellationToken cancellation)
    {
        await _packed.WriteAsync(Encoding.UTF8.GetBytes(WorkerLine.Write(observation)), cancellation);
        _packed.WriteByte((byte)'\n');
    }

    /// <summary>Ends the file and waits until it is on the disk.</summary>
    public async ValueTask CloseAsync()
    {
        await _packed.DisposeAsync();
        _stream.Flush(flushToDisk: true);
        await _stream.DisposeAsync();
        File.Refresh();
    }

    /// <summary>Drops what has not been closed.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_stream.CanWrite) return;
        try
        {
            await _packed.DisposeAsync();
            await _stream.DisposeAsync();
        }
        catch (IOException) { } // a full disk cannot take the rest either
        File.Delete();
    }
}
