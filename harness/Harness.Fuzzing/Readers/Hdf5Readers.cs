using Harness.Datasets.Events;
using Harness.Datasets.Fisbe;
using Harness.Datasets.Formats;
using Harness.Datasets.Recordings;

namespace Harness.Fuzzing.Readers;

static class Hdf5Readers
{
    public static IReadOnlyList<FuzzedReader> All { get; } =
    [
        new("hdf5-earliest", [Content.Seed("volumes-earliest.h5")], Everything),
        new("hdf5-latest", [Content.Seed("volumes-latest.h5")], Everything),
        new("hdf5-spikes", [Content.Seed("spikes-earliest.h5"), Content.Seed("spikes-latest.h5"), OwnSpikes()], Spikes),
        new("hdf5-electrodes", [Content.Seed("electrodes-earliest.h5"), Content.Seed("electrodes-latest.h5")],
            content => Content.InFile(content, "electrodes.h5", file => SpikeRecordings.Read(file))),
        new("hdf5-prediction", [Content.Seed("volumes-earliest.h5"), Content.Seed("volumes-latest.h5")],
            content => Content.InFile(content, "prediction.h5", Prediction)),
    ];

    static void Everything(byte[] content)
    {
        using var file = Hdf5File.Open(new MemoryStream(content), "hdf5");
        foreach (var path in file.Datasets())
        {
            _ = (file.Shape(path), file.Chunk(path), file.Type(path));
            file.Numbers<double>(path);
        }
    }

    static void Spikes(byte[] content)
    {
        using var file = SpikeFile.Open(new MemoryStream(content), "spikes");
        file.Keys();
        Content.Drain(file.Read(EventGeometry.Cochlea));
    }

    static void Prediction(FileInfo file)
    {
        using var volume = FisbePrediction.Open(file, "volumes/labels").Instances;
        InstanceCensus.Of(volume);
    }

    static byte[] OwnSpikes() => Content.Written(stream => SpikeFile.Write(stream,
        [.. Enumerable.Range(0, 3).Select(i => new EventSample(Events(5 + i), EventGeometry.Cochlea, Label: i, Group: i % 2))],
        ["zero", "one", "two"], ["male", "female"]));

    static Event[] Events(int count) => [.. Enumerable.Range(0, count).Select(k => new Event(1000 * k, k * 97 % 700, rising: true))];
}
