using System.Text;

namespace Harness.Agent.Running;

/// <summary>Keeps the last lines of a worker's log, however much it writes.</summary>
sealed class LogTail(int lines = 12, int charactersPerLine = 300)
{
    readonly Queue<string> kept = new();

    /// <summary>Bytes written so far, as far as they are read.</summary>
    public long Bytes { get; private set; }

    /// <summary>The kept lines, oldest first, joined for a reason; empty when nothing was written.</summary>
    public override string ToString()
    {
        lock (kept) return string.Join(" | ", kept);
    }

    /// <summary>Reads until the end of the stream.</summary>
    public async Task FollowAsync(Stream log)
    {
        using var reader = new StreamReader(log, new UTF8Encoding(false), detectEncodingFromByteOrderMarks: false);
        var block = new char[4096];
        var line = new StringBuilder();
        while (await reader.ReadAsync(block) is var read and > 0)
        {
            Bytes += Encoding.UTF8.GetByteCount(block, 0, read);
            foreach (var c in block.AsMemory(0, read).ToArray())
                if (c == '\n') Keep(line);
                else if (line.Length < charactersPerLine) line.Append(char.IsControl(c) ? ' ' : c);
        }
        Keep(line);
    }

    void Keep(StringBuilder line)
    {
        var text = line.ToString().Trim();
        line.Clear();
        if (text.Length == 0) return;
        lock (kept)
        {
            kept.Enqueue(text);
            if (kept.Count > lines) kept.Dequeue();
        }
    }
}
