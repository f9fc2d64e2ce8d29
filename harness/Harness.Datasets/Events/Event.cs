using System.Runtime.InteropServices;

namespace Harness.Datasets.Events;

/// <summary>
/// One event of a sensor: 8 bytes. An address is <c>row · width + column</c>, or a channel number where there are no rows.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
public readonly struct Event : IEquatable<Event>
{
    /// <summary>The largest address: 31 bits.</summary>
    public const int MostAddress = int.MaxValue;

    readonly uint _place;

    /// <param name="microseconds">Time since the start of the recording.</param>
    /// <param name="rising">Polarity: true when the intensity rose; sensors without polarity give true.</param>
    public Event(int microseconds, int address, bool rising)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(address);
        (Microseconds, _place) = (microseconds, (uint)address << 1 | (rising ? 1u : 0u));
    }

    public int Microseconds { get; }
    public int Address => (int)(_place >> 1);
    public bool Rising => (_place & 1) != 0;

    public static bool operator ==(Event left, Event right) => left.Equals(right);
    public static bool operator !=(Event left, Event right) => !left.Equals(right);

    public bool Equals(Event other) => Microseconds == other.Microseconds && _place == other._place;
    public override bool Equals(object? obj) => obj is Event other && Equals(other);
    public override int GetHashCode() => HashCode.Combine(Microseconds, _place);
    public override string ToString() => $"{Microseconds} µs at {Address} {(Rising ? "+" : "-")}";
}
