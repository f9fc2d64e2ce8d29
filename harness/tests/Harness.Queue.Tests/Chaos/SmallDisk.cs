namespace Harness.Queue.Tests.Chaos;

/// <summary>A disk that is small enough to be filled to the last byte, and is, again and again.</summary>
/// <param name="folder">Its root, nothing but it is on the disk.</param>
public sealed class SmallDisk(DirectoryInfo folder)
{
    const long Largest = 64L << 20;

    public DirectoryInfo Folder { get; } = folder;
    public bool Troubled { get; set; } = true;

    /// <summary>How often there was no room left.</summary>
    public int Fillings { get; private set; }

    string Filler => Path.Combine(Folder.FullName, "filler");

    /// <summary>Fills the disk and makes room again, after pauses that follow from the seed, until the trouble is over.</summary>
    public async Task FillAsync(int seed, CancellationToken cancellation)
    {
        var chance = new Random(seed);
        while (Troubled)
        {
            await Task.Delay(chance.Next(200, 1500), cancellation);
            Fill();
            await Task.Delay(chance.Next(100, 800), cancellation);
            MakeRoom();
        }
    }

    public void MakeRoom() => File.Delete(Filler);

    /// <summary>Leaves not a byte free.</summary>
    public void Fill()
    {
        if (new DriveInfo(Folder.FullName).TotalSize > Largest)
            throw new HarnessException($"'{Folder.FullName}' is on a disk of more than {Largest >> 20} MiB, which nobody should fill.");
        using var file = new FileStream(Filler, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        try
        {
            while (true) file.Write(new byte[4096]);
        }
        catch (IOException)
        {
            Fillings++;
        }
    }
}
