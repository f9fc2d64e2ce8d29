namespace Suites.LlmEdge.Offloading.Pipelines;

/// <summary>Where clusters wait for each other.</summary>
enum PipelineLevel
{
    /// <summary>Any stage that is ready may run (PowerInfer-2, neuron-cluster pipeline).</summary>
    Cluster,
    /// <summary>Reads and products overlap within a matrix, but all gates are done before the first up and down.</summary>
    Matrix,
}

/// <summary>
/// Simulates one layer event by event: one storage device and some compute lanes, each taking a stage at a time. Storage takes the oldest
/// ready read of up and down rows before any read of gates; a lane takes what lets storage go on first: predictions, then gates, then the
/// rest, of equals the oldest cluster.
/// </summary>
/// <param name="delay">Seconds from the end of a read's service to the arrival of its data.</param>
sealed class LayerPipeline(PipelineLevel level, int lanes = 1, double delay = 0)
{
    const int Stages = 5;
    const int GateCompute = 2;

    readonly double[] _lanes = new double[lanes > 0 ? lanes
        : throw new HarnessException($"{lanes} lanes cannot compute; give at least 1.")];
    int[] _stage = [];
    double[] _ready = [];
    double _storage, _gatesEnd;
    int _gatesLeft;

    public LayerTimes Run(ReadOnlySpan<ClusterWork> clusters)
    {
        Begin(clusters.Length);
        double now = 0, makespan = 0, compute = 0, read = 0;
        foreach (ref readonly var work in clusters) (compute, read) = (compute + work.Compute, read + work.Read);
        for (; ; now = Next(clusters.Length, now))
        {
            var left = Start(clusters, now);
            if (left == 0) break;
        }
        for (var i = 0; i < clusters.Length; i++) makespan = Math.Max(makespan, _ready[i]);
        return new(makespan, compute, read);
    }

    void Begin(int clusters)
    {
        if (_stage.Length < clusters) (_stage, _ready) = (new int[clusters], new double[clusters]);
        Array.Clear(_stage, 0, clusters);
        Array.Clear(_ready, 0, clusters);
        Array.Clear(_lanes);
        (_storage, _gatesEnd, _gatesLeft) = (0, 0, clusters);
    }

    // Starts whatever can start now; returns how many clusters are not through their last stage.
    int Start(ReadOnlySpan<ClusterWork> clusters, double now)
    {
        for (var again = true; again;)
        {
            again = false;
            for (var i = 0; i < clusters.Length; i++) SkipEmpty(clusters, i);
            if (_storage <= now && (Oldest(clusters, 3, now) ?? Oldest(clusters, 1, now)) is { } reading)
            {
                _storage = now + Seconds(clusters[reading], _stage[reading]);
                Finish(reading, _storage + delay);
                again = true;
            }
            for (var lane = 0; lane < _lanes.Length; lane++)
                if (_lanes[lane] <= now
                    && (Oldest(clusters, 0, now) ?? Oldest(clusters, 2, now) ?? Oldest(clusters, 4, now)) is { } computing)
                {
                    _lanes[lane] = now + Seconds(clusters[computing], _stage[computing]);
                    Finish(computing, _lanes[lane]);
                    again = true;
                }
        }
        var left = 0;
        for (var i = 0; i < clusters.Length; i++) if (_stage[i] < Stages) left++;
        return left;
    }

    void SkipEmpty(ReadOnlySpan<ClusterWork> clusters, int cluster)
    {
        while (_stage[cluster] < Stages && Seconds(clusters[cluster], _stage[cluster]) == 0) Finish(cluster, _ready[cluster]);
    }

    void Finish(int cluster, double end)
    {
        _ready[cluster] = end;
        if (_stage[cluster]++ != GateCompute) return;
        _gatesLeft--;
        _gatesEnd = Math.Max(_gatesEnd, end);
    }

    int? Oldest(ReadOnlySpan<ClusterWork> clusters, int stage, double now)
    {
        if (stage > GateCompute && level == PipelineLevel.Matrix && (_gatesLeft > 0 || _gatesEnd > now)) return null;
        for (var i = 0; i < clusters.Length; i++) if (_stage[i] == stage && _ready[i] <= now) return i;
        return null;
    }

    static double Seconds(in ClusterWork work, int stage) => stage switch
    {
        0 => work.Predict, 1 => work.GateRead, 2 => work.GateCompute, 3 => work.RestRead, _ => work.RestCompute,
    };

    // The next moment at which a device is free or a stage becomes ready.
    double Next(int clusters, double now)
    {
        var next = double.PositiveInfinity;
        if (_storage > now) next = _storage;
        foreach (var lane in _lanes) if (lane > now) next = Math.Min(next, lane);
        for (var i = 0; i < clusters; i++) if (_stage[i] < Stages && _ready[i] > now) next = Math.Min(next, _ready[i]);
        if (_gatesLeft == 0 && _gatesEnd > now) next = Math.Min(next, _gatesEnd);
        return next;
    }
}
