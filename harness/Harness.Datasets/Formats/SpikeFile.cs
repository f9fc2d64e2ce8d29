using Harness.Datasets.Events;
using PureHDF;

namespace Harness.Datasets.Formats;

/// <summary>
/// The HDF5 layout of the Heidelberg spiking datasets (Cramer et al. 2022): <c>spikes/times</c> in seconds and <c>spikes/units</c> as
/// sequences of varying length, <c>labels</c>, <c>extra/speaker</c>, <c>extra/keys</c> (class names) and <c>extra/meta_info</c>, which is
/// indexed by speaker. Element types are read from the file.
/// </summary>
public sealed class SpikeFile : IDisposable
{
    const int Batch = 64;

    readonly Hdf5File _file;

    SpikeFile(Hdf5File file)
    {
        _file = file;
        Labels = file.Numbers<int>("labels");
        Speakers = file.Has("extra/speaker") ? file.Numbers<int>("extra/speaker") : [];
        Require("spikes/times", Count("spikes/times"));
        Require("spikes/units", Count("spikes/units"));
        if (Speakers.Count > 0) Require("extra/speaker", Speakers.Count);
    }

    /// <summary>Class of each recording.</summary>
    public IReadOnlyList<int> Labels { get; }

    /// <summary>Speaker of each recording; empty where the file has none, as in SSC.</summary>
    public IReadOnlyList<int> Speakers { get; }

    /// <exception cref="DataFormatException">Not HDF5, or not of this layout.</exception>
    public static SpikeFile Open(FileInfo file) => Open(file.OpenRead(), file.FullName);

    /// <inheritdoc cref="Open(FileInfo)"/>
    public static SpikeFile Open(Stream content, string name)
    {
        var file = Hdf5File.Open(content, name);
        try
        {
            return new(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public void Dispose() => _file.Dispose();

    /// <summary>Names of the classes; empty where the file has none.</summary>
    public IReadOnlyList<string> Keys() => _file.Has("extra/keys") ? _file.Texts("extra/keys") : [];

    /// <summary>Recordings in file order, read in batches; each sorted by time. Times are cut down to whole microseconds.</summary>
    /// <param name="wanted">Which recordings; null is all.</param>
    /// <exception cref="DataFormatException">A unit or time is out of range, or times and units differ in number.</exception>
    public IEnumerable<EventSample> Read(EventGeometry geometry, Predicate<int>? wanted = null)
    {
        for (var first = 0; first < Labels.Count; first += Batch)
        {
            var count = Math.Min(Batch, Labels.Count - first);
            if (wanted is not null && !Enumerable.Range(first, count).Any(index => wanted(index))) continue;
            var times = _file.Sequences<double>("spikes/times", first, count);
            var units = _file.Sequences<int>("spikes/units", first, count);
            for (var i = 0; i < count; i++)
                if (wanted is null || wanted(first + i))
                    yield return new(Events(first + i, times[i], units[i], geometry), geometry, Labels[first + i],
                        Speakers.Count > 0 ? Speakers[first + i] : -1);
        }
    }

    /// <summary>Writes recordings in this layout: times as float16 seconds, units, labels and speakers as uint16.</summary>
    /// <param name="genders">Indexed by speaker.</param>
    /// <exception cref="ArgumentException">A spike lies before the start.</exception>
    public static void Write(Stream target, IReadOnlyList<EventSample> recordings, IReadOnlyList<string> keys,
        IReadOnlyList<string> genders)
    {
        var file = new H5File
        {
            ["spikes"] = new H5Group
            {
                ["times"] = recordings.Select(recording => ToSeconds(recording.Events.Span)).ToArray(),
                ["units"] = recordings.Select(recording => ToUnits(recording.Events.Span)).ToArray(),
            },
            ["labels"] = recordings.Select(recording => checked((ushort)recording.Label)).ToArray(),
            ["extra"] = new H5Group
            {
                ["speaker"] = recordings.Select(recording => checked((ushort)recording.Group)).ToArray(),
                ["keys"] = keys.ToArray(),
                ["meta_info"] = new H5Group { ["gender"] = genders.ToArray() },
            },
        };
        file.Write(target);
    }

    /// <summary>A time as the file can hold it: the nearest float16 of seconds, in whole microseconds.</summary>
    public static int Quantize(double seconds) => Microseconds((double)(Half)seconds);

    Event[] Events(int index, double[] times, int[] units, EventGeometry geometry)
    {
        if (times.Length != units.Length)
            throw new DataFormatException(_file.Name, $"recording {index} has {times.Length} times but {units.Length} units");
        var events = new Event[times.Length];
        for (var i = 0; i < events.Length; i++)
        {
            if (units[i] < 0 || units[i] >= geometry.Addresses)
                throw new DataFormatException(_file.Name,
                    $"recording {index} names unit {units[i]}; allowed are 0 to {geometry.Addresses - 1}");
            if (!(times[i] >= 0 && times[i] < int.MaxValue / 1e6))
                throw new DataFormatException(_file.Name,
                    $"recording {index} has a spike at {times[i]} s; allowed are 0 to {int.MaxValue / 1e6} s");
            events[i] = new(Microseconds(times[i]), units[i], rising: true);
        }
        SortByTime(events);
        return events;
    }

    // Stable, so that equal times keep the order of the file; almost every recording is sorted already.
    static void SortByTime(Event[] events)
    {
        var sorted = 1;
        while (sorted < events.Length && events[sorted - 1].Microseconds <= events[sorted].Microseconds) sorted++;
        if (sorted >= events.Length) return;
        var keys = new long[events.Length];
        for (var i = 0; i < events.Length; i++) keys[i] = (long)events[i].Microseconds << 32 | (uint)i;
        Array.Sort(keys, events);
    }

    // Cut down, not rounded: a bin of whole microseconds then holds exactly the spikes that it would hold in exact arithmetic.
    static int Microseconds(double seconds) => (int)Math.Floor(seconds * 1e6);

    static Half[] ToSeconds(ReadOnlySpan<Event> events)
    {
        var seconds = new Half[events.Length];
        for (var i = 0; i < seconds.Length; i++)
            seconds[i] = events[i].Microseconds >= 0 ? (Half)((events[i].Microseconds + 0.5) / 1e6)
                : throw new ArgumentException($"Spike {i} lies {-events[i].Microseconds} µs before the start.", nameof(events));
        return seconds;
    }

    static ushort[] ToUnits(ReadOnlySpan<Event> events)
    {
        var units = new ushort[events.Length];
        for (var i = 0; i < units.Length; i++) units[i] = checked((ushort)events[i].Address);
        return units;
    }

    int Count(string path) => _file.Shape(path) is [var count] ? count
        : throw new DataFormatException(_file.Name, $"{path} is not a list of sequences");

    void Require(string path, int count)
    {
        if (count != Labels.Count) throw new DataFormatException(_file.Name, $"it has {Labels.Count} labels but {count} entries in {path}");
    }
}
