using System.CommandLine;
using System.Diagnostics;
using Harness.Datasets.Fisbe;
using Harness.Datasets.Formats.Zarr;

namespace Harness.Benchmarks;

/// <summary>
/// <c>stream</c>: writes a Zarr volume of 2 GB and counts its voxels, box by box, in a process of its own, whose largest resident memory is
/// told. Target: under 300 MB.
/// </summary>
static class StreamMode
{
    static readonly int[] Chunks = [1, 64, 256, 256];

    public static Command Create()
    {
        var folder = new Option<DirectoryInfo?>("--read") { Description = "Only read the volume in this folder." };
        var megabytes = new Option<int>("--megabytes") { DefaultValueFactory = _ => 2048, Description = "Size of the volume, unpacked." };
        var command = new Command("stream", "Stream a large Zarr volume in little memory.") { folder, megabytes };
        command.SetAction(parsed => parsed.GetValue(folder) is { } written ? Read(written) : WriteAndRead(parsed.GetValue(megabytes)));
        return command;
    }

    static int WriteAndRead(int megabytes)
    {
        var folder = Directory.CreateTempSubdirectory("harness-stream-");
        try
        {
            int[] shape = [2, megabytes / 4, 512, 1024]; // 2 bytes a voxel: a MiB is half a plane
            ZarrWriter.Write(folder, "raw", new Texture(shape), Chunks, ZarrCodec.GzipCodec(1));
            Console.Out.WriteLine($"written: {Memory()}");
            using var reader = Process.Start(Environment.ProcessPath!, ["stream", "--read", folder.FullName]);
            reader.WaitForExit();
            return reader.ExitCode;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    static int Read(DirectoryInfo folder)
    {
        using var keys = new FolderKeys(folder);
        using var volume = ZarrArray.Open<ushort>(keys, "raw");
        var began = Stopwatch.GetTimestamp();
        var voxels = InstanceCensus.Of(volume).Values.Sum();
        var megabytes = 2.0 * volume.Shape.Aggregate(1L, (product, length) => product * length) / (1 << 20);
        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        Console.Out.WriteLine($"read {megabytes:0} MiB ({voxels:N0} voxels are not 0) in {seconds:0.0} s: {Memory()}");
        return 0;
    }

    static string Memory()
    {
        using var process = Process.GetCurrentProcess();
        return $"at most {process.PeakWorkingSet64 / (1 << 20)} MiB were resident";
    }
}
