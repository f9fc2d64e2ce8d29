using System.Numerics;

namespace Harness.Datasets.Fisbe;

/// <summary>How a synthetic image is made.</summary>
/// <param name="Crossing">Share of neurons that are sent through a point of an earlier one.</param>
/// <param name="SameColour">Share of those that also have its colour: only shape tells the two apart.</param>
/// <param name="DimShare">Share of neurons of hardly more than background brightness.</param>
sealed record SceneParameters(int Depth, int Height, int Width, int LeastNeurons, int MostNeurons, int Length, double Crossing,
    double SameColour, double DimShare);

/// <summary>
/// Draws one synthetic image of neurons: filaments of one colour each, added up in three channels, blurred by a Gaussian point spread,
/// unevenly lit, with the noise of photons and of the camera, 12 bits.
/// </summary>
sealed class SyntheticScene(SceneParameters parameters, Chance chance, Func<Vector3?, List<FilamentPiece>> filament)
{
    const int Channels = 3;
    const float Peak = 3000;            // intensity of a neuron of brightness 1
    const float Background = 60;
    const float PhotonsPerUnit = 1 / 8f;
    const float ReadNoise = 12;
    const int Most = 4095;
    const int LeastVoxelsPerColumn = 4; // of the width: no stumps that hardly enter the volume

    readonly int[] _stamps = new int[parameters.Depth * parameters.Height * parameters.Width];
    int _stamp;

    int Voxels => _stamps.Length;

    public NeuronVolume Draw(string name)
    {
        var (light, neurons, dim) = (new float[Channels * Voxels], new List<List<int>>(), new List<int>());
        var (colours, drawn) = (new List<Vector3>(), new List<List<FilamentPiece>>());
        var count = parameters.LeastNeurons + chance.Below(parameters.MostNeurons - parameters.LeastNeurons + 1);
        for (var attempt = 0; neurons.Count < count && attempt < 50 * count; attempt++)
        {
            var crossed = drawn.Count > 0 && chance.Unit() < parameters.Crossing ? chance.Below(drawn.Count) : -1;
            var pieces = filament(crossed < 0 ? null : drawn[crossed][chance.Below(drawn[crossed].Count)].From);
            var voxels = Fill(pieces);
            if (voxels.Count < LeastVoxelsPerColumn * parameters.Width) continue;
            colours.Add(crossed >= 0 && chance.Unit() < parameters.SameColour ? colours[crossed] : Colour());
            var isDim = chance.Unit() < parameters.DimShare;
            neurons.Add(voxels);
            if (isDim) dim.Add(neurons.Count);
            Add(light, voxels, colours[^1] * (float)(isDim ? 0.08 + 0.1 * chance.Unit() : 0.4 + 0.6 * chance.Unit()));
            drawn.Add(pieces);
        }
        int[] extent = [parameters.Depth, parameters.Height, parameters.Width];
        return new(name, new ArrayVolume<ushort>([Channels, .. extent], Expose(light)), new ArrayVolume<ushort>([neurons.Count, .. extent],
            Layers(neurons)),
            Complete: true, dim);
    }

    ushort[] Layers(List<List<int>> neurons)
    {
        var layers = new ushort[neurons.Count * Voxels];
        for (var i = 0; i < neurons.Count; i++)
            foreach (var voxel in neurons[i]) layers[i * Voxels + voxel] = (ushort)(i + 1);
        return layers;
    }

    Vector3 Colour()
    {
        var colour = new Vector3((float)chance.Unit(), (float)chance.Unit(), (float)chance.Unit()) + new Vector3(0.02f);
        return Vector3.Normalize(colour);
    }

    /// <summary>The voxels of a neuron, each once.</summary>
    List<int> Fill(List<FilamentPiece> pieces)
    {
        var voxels = new List<int>();
        _stamp++;
        foreach (var piece in pieces)
        {
            var steps = Math.Max(1, (int)Math.Ceiling(2 * Vector3.Distance(piece.From, piece.To)));
            for (var step = 0; step <= steps; step++) Ball(voxels, Vector3.Lerp(piece.From, piece.To, step / (float)steps), piece.Radius);
        }
        return voxels;
    }

    void Ball(List<int> voxels, Vector3 center, float radius)
    {
        for (var z = First(center.Z, radius); z <= Last(center.Z, radius, parameters.Depth); z++)
            for (var y = First(center.Y, radius); y <= Last(center.Y, radius, parameters.Height); y++)
                for (var x = First(center.X, radius); x <= Last(center.X, radius, parameters.Width); x++)
                {
                    ref var stamp = ref _stamps[(z * parameters.Height + y) * parameters.Width + x];
                    if (stamp == _stamp || Vector3.DistanceSquared(new(x, y, z), center) > radius * radius) continue;
                    stamp = _stamp;
                    voxels.Add((z * parameters.Height + y) * parameters.Width + x);
                }
    }

    static int First(float center, float radius) => Math.Max(0, (int)MathF.Ceiling(center - radius));

    static int Last(float center, float radius, int length) => Math.Min(length - 1, (int)MathF.Floor(center + radius));

    void Add(float[] light, List<int> voxels, Vector3 colour)
    {
        foreach (var voxel in voxels)
            for (var channel = 0; channel < Channels; channel++) light[channel * Voxels + voxel] += Peak * colour[channel];
    }

    /// <summary>What the camera sees of the light.</summary>
    ushort[] Expose(float[] light)
    {
        for (var channel = 0; channel < Channels; channel++)
            PointSpread.Blur(light.AsSpan(channel * Voxels, Voxels), parameters.Depth, parameters.Height, parameters.Width);
        var tilt = new Vector3((float)chance.Unit() - 0.5f, (float)chance.Unit() - 0.5f, (float)chance.Unit() - 0.5f);
        var image = new ushort[light.Length];
        for (var i = 0; i < image.Length; i++)
        {
            var voxel = i % Voxels;
            var (x, y, z) = (voxel % parameters.Width, voxel / parameters.Width % parameters.Height,
                voxel / (parameters.Width * parameters.Height));
            var place = new Vector3((float)x / parameters.Width, (float)y / parameters.Height,
                (float)z / parameters.Depth) - new Vector3(0.5f);
            var mean = (light[i] * (1 + 0.6f * Vector3.Dot(tilt, place)) + Background) * PhotonsPerUnit;
            var seen = Photons(mean) / PhotonsPerUnit + ReadNoise * chance.Normal();
            image[i] = (ushort)Math.Clamp(Math.Round(seen - Background / 2), 0, Most);
        }
        return image;
    }

    /// <summary>Poisson by Knuth's product below 12, above by its normal limit.</summary>
    double Photons(float mean)
    {
        if (mean > 12) return Math.Max(0, Math.Round(mean + Math.Sqrt(mean) * chance.Normal()));
        var (limit, product, count) = (Math.Exp(-mean), chance.Unit(), 0);
        for (; product > limit; count++) product *= chance.Unit();
        return count;
    }
}
