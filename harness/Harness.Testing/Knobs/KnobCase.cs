using System.Globalization;

namespace Harness.Testing.Knobs;

/// <summary>A comparison that the caller asked for: two configurations that differ in one knob.</summary>
sealed record KnobCase(string Path, object From, object To, object? FromValue, object? ToValue)
{
    public static Knob Find(object family, string name) =>
        Knob.Of(family).FirstOrDefault(knob => string.Equals(knob.Path, name, StringComparison.OrdinalIgnoreCase))
        ?? throw new ArgumentException($"{family.GetType().Name} has no knob '{name}'; it has {Names(family)}.", nameof(name));

    public static KnobCase Of(Knob knob, object family, object? value)
    {
        var fitting = Fitting(knob, value);
        if (Knob.Text(fitting) == Knob.Text(knob.Value))
            throw new ArgumentException($"{knob.Path} is {Knob.Text(fitting)} already; name another value.", nameof(value));
        return new(knob.Path, family, knob.With(fitting), knob.Value, fitting);
    }

    public static KnobCase Between(string name, object from, object to)
    {
        var (before, after) = (Find(from, name), Find(to, name));
        var differing = Knob.Of(from).Concat(Knob.Of(to)).Select(knob => knob.Path).Distinct(StringComparer.Ordinal)
            .Where(path => !IsWithin(path, before.Path) && Value(from, path) != Value(to, path) && !IsWithin(before.Path, path)).ToList();
        if (differing.Count > 0)
            throw new ArgumentException($"The configurations differ in {string.Join(", ", differing)} besides {before.Path}.", nameof(to));
        if (Knob.Text(before.Value) == Knob.Text(after.Value))
            throw new ArgumentException($"{before.Path} is {Knob.Text(before.Value)} in both configurations.", nameof(to));
        return new(before.Path, from, to, before.Value, after.Value);
    }

    static string? Value(object family, string path) =>
        Knob.Of(family).FirstOrDefault(knob => knob.Path == path) is { } knob ? Knob.Text(knob.Value) : null;

    static bool IsWithin(string path, string other) => path == other || path.StartsWith(other + ".", StringComparison.Ordinal);

    static string Names(object family) => string.Join(", ", Knob.Of(family).Select(knob => knob.Path).DefaultIfEmpty("none"));

    // A literal 1 is an int also where the knob is a double.
    static object? Fitting(Knob knob, object? value)
    {
        if (value is null ? Nullable.GetUnderlyingType(knob.Type) is not null : knob.Type.IsInstanceOfType(value)) return value;
        if (value is int whole && (knob.Plain == typeof(double) || knob.Plain == typeof(long)))
            return Convert.ChangeType(whole, knob.Plain, CultureInfo.InvariantCulture);
        throw new ArgumentException($"{knob.Path} cannot be {Knob.Text(value)}; it is of type {knob.Type.Name}.", nameof(value));
    }
}
