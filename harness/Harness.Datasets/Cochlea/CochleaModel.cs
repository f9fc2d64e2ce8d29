using System.Collections.Concurrent;
using System.Numerics;
using Harness.Datasets.Events;
using Harness.Datasets.Formats;

namespace Harness.Datasets.Cochlea;

/// <summary>
/// Turns sound into spikes of bushy cells, as the Heidelberg digits were made (Cramer et al. 2022): loudness, a fade at both ends, basilar
/// membrane, hair cells, bushy cells. Sound is padded to a power of two, and its spectrum continued with zeros, so that the membrane is
/// stepped at 8 kHz or faster. Same sound and seed give the same spikes.
/// </summary>
/// <param name="channels">Places along the membrane; unit 0 has the highest frequency.</param>
/// <param name="fadeSeconds">Length of each half Hanning window that fades the sound in and out.</param>
public sealed class CochleaModel(int channels = 700, double fadeSeconds = 0.03)
{
    const double Loudness = 0.3;
    const int LeastMembraneRate = 8000;

    readonly ConcurrentDictionary<(int Length, int Rate), Lazy<Complex[][]>> _responses = new();

    public EventGeometry Geometry { get; } = new(1, channels, 1);

    /// <summary>Spikes sorted by time, times as an SHD file can hold them; label and group are left open.</summary>
    public EventSample Listen(Wave sound, ulong seed)
    {
        var length = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(sound.Samples.Length, 64));
        var bins = length / 2;
        var oversampling = Math.Max(1,
            (int)BitOperations.RoundUpToPowerOf2((uint)((2 * LeastMembraneRate + sound.SampleRate - 1) / sound.SampleRate)));
        var membraneRate = sound.SampleRate / 2.0 * oversampling;
        var spectrum = Spectrum(sound.Samples.Span, length, (int)(fadeSeconds * sound.SampleRate));
        var responses = _responses.GetOrAdd((length, sound.SampleRate), key => new(() => Responses(key.Length, key.Rate))).Value;
        var inverse = new FastFourier(bins * oversampling);
        var steps = (int)Math.Min(inverse.Length, (long)Math.Ceiling(sound.Samples.Length / (double)sound.SampleRate * membraneRate));
        var (wave, velocity, events) = (new Complex[inverse.Length], new double[steps], new List<Event>());
        for (var channel = 0; channel < channels; channel += 2)
        {
            Superpose(wave, spectrum, responses[channel], channel + 1 < channels ? responses[channel + 1] : null);
            inverse.Inverse(wave);
            for (var i = 0; i < steps; i++) velocity[i] = wave[i].Real / bins;
            Spike(channel, velocity, membraneRate, seed, events);
            if (channel + 1 == channels) break;
            for (var i = 0; i < steps; i++) velocity[i] = wave[i].Imaginary / bins;
            Spike(channel + 1, velocity, membraneRate, seed, events);
        }
        return new(events.OrderBy(item => item.Microseconds).ThenBy(item => item.Address).ToArray(), Geometry, Label: -1);
    }

    // Both motions are real, so one transform carries two: the first as its real part, the second as its imaginary part.
    static void Superpose(Complex[] wave, Complex[] spectrum, Complex[] first, Complex[]? second)
    {
        Array.Clear(wave);
        for (var k = 1; k < first.Length; k++)
        {
            var (one, other) = (spectrum[k] * first[k] / 2, second is null ? Complex.Zero : spectrum[k] * second[k] / 2);
            wave[k] += one + Complex.ImaginaryOne * other;
            wave[^k] += Complex.Conjugate(one) + Complex.ImaginaryOne * Complex.Conjugate(other);
        }
    }

    static void Spike(int channel, double[] velocity, double rate, ulong seed, List<Event> events)
    {
        var (probability, spikes) = (new double[velocity.Length], new List<int>());
        HairCell.Respond(velocity, rate, probability);
        BushyCell.Respond(probability, rate, new Chance(seed * 1_000_003 + (ulong)channel), spikes);
        foreach (var spike in spikes) events.Add(new(SpikeFile.Quantize(spike / rate), channel, rising: true));
    }

    static Complex[] Spectrum(ReadOnlySpan<float> samples, int length, int fade)
    {
        var energy = 0.0;
        foreach (var sample in samples) energy += (double)sample * sample;
        var scale = energy > 0 ? Loudness / Math.Sqrt(energy / samples.Length) : 0;
        var spectrum = new Complex[length];
        for (var i = 0; i < samples.Length; i++) spectrum[i] = samples[i] * scale * Fade(Math.Min(i, samples.Length - 1 - i),
            Math.Min(fade, samples.Length / 2));
        new FastFourier(length).Forward(spectrum);
        return spectrum;
    }

    static double Fade(int fromEnd, int length) => fromEnd >= length ? 1 : 0.5 - 0.5 * Math.Cos(Math.PI * fromEnd / length);

    Complex[][] Responses(int length, int rate)
    {
        var (responses, entries) = (new Complex[channels][], new Complex[length / 2]);
        for (var k = 1; k < entries.Length; k++) entries[k] = BasilarMembrane.Entry(2 * Math.PI * k * rate / length);
        Parallel.For(0, channels, channel =>
        {
            var place = BasilarMembrane.Place(channel, channels);
            var response = new Complex[length / 2];
            for (var k = 1; k < response.Length; k++) response[k] = BasilarMembrane.Response(2 * Math.PI * k * rate / length, place,
                entries[k]);
            responses[channel] = response;
        });
        return responses;
    }
}
