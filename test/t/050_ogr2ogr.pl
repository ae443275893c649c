# GDAL's ogr2ogr writes plant to the staging views and reads it from them: by
# names, all or nothing. Skipped where ogr2ogr is not installed.

use strict;
use warnings;

use File::Temp qw(tempdir);
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my ($version) = eval { `ogr2ogr --version` } // '';
plan skip_all => 'ogr2ogr is not installed (Debian: gdal-bin)'
  unless defined $version && $version =~ /^GDAL/;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init(auth_extra => [], extra => [ '--locale=C.UTF-8', '--encoding=UTF8' ]);
$node->append_conf('postgresql.conf', "fsync = off\n");
$node->start;
$node->safe_psql('postgres', 'CREATE EXTENSION netstate CASCADE');

my $dir = tempdir(CLEANUP => 1);
my $database = 'PG:' . $node->connstr('postgres');

# Runs ogr2ogr into the database; its status and what it wrote.
sub ogr2ogr
{
	my @arguments = @_;
	my ($out, $err) = ('', '');
	my $run = IPC::Run::run([ 'ogr2ogr', @arguments ], '>', \$out, '2>', \$err, IPC::Run::timeout(120));

	note $err if $err ne '';
	return ($run, $err);
}

sub append
{
	my ($view, @arguments) = @_;
	return ogr2ogr('-append', '-f', 'PostgreSQL', $database, @arguments, '-nln', "netstate.$view",
		'-gt', 'unlimited', '-dim', 'XY');
}

sub write_file
{
	my ($name, $text) = @_;
	open my $file, '>', "$dir/$name" or die "$name: $!";
	print $file $text;
	close $file;
	return "$dir/$name";
}

my $lines = write_file('lines.geojson', <<'END');
{"type": "FeatureCollection", "features": [
{"type": "Feature", "properties": {"name": "S 1", "a_structure": "MH 2", "z_structure": "MH 1", "kind": "trench", "length_m": 700.5, "colour": "red"},
 "geometry": {"type": "LineString", "coordinates": [[-6.26, 53.35], [-6.25, 53.35]]}},
{"type": "Feature", "properties": {"name": "S 2", "kind": "aerial"},
 "geometry": {"type": "LineString", "coordinates": [[-6.25, 53.35, 7], [-6.255, 53.352, 8]]}}]}
END
my $points = write_file('points.csv', <<'END');
name,kind,status,lon,lat
MH 1,manhole,In Service,-6.26,53.35
MH 2,handhole,,-6.25,53.35
MH 3,,planned,-6.255,53.352
END
my ($done, $err);

# Another reference system, in two formats, one of which cuts names of columns.
($done) = ogr2ogr('-f', 'GPKG', '-t_srs', 'EPSG:2157', "$dir/lines.gpkg", $lines, '-nln', 'lines');
ok($done, 'a GeoPackage is made');
($done) = ogr2ogr('-f', 'ESRI Shapefile', '-t_srs', 'EPSG:32629', "$dir/lines.shp", $lines);
ok($done, 'a shapefile is made');

# Spans before their structures: the second has good ends of no use.
($done, $err) = append('staging_span', $lines);
ok(!$done, 'spans at structures that are not there are refused');
like($err, qr/span "S 1" cannot be stored.*"MH 2", is neither in the document nor in the plant/s, '... with the reason');
is($node->safe_psql('postgres', 'SELECT count(*) FROM netstate.span'), 0, '... and nothing of the file stays');

($done) = append('staging_structure', $points, '-oo', 'X_POSSIBLE_NAMES=lon', '-oo', 'Y_POSSIBLE_NAMES=lat', '-a_srs', 'EPSG:4326');
ok($done, 'structures come from CSV');
is($node->safe_psql('postgres', 'SELECT name, kind, status, ST_AsText(geom) FROM netstate.structure ORDER BY name'),
	"MH 1|manhole|operational|POINT(-6.26 53.35)\nMH 2|handhole|operational|POINT(-6.25 53.35)\nMH 3||planned|POINT(-6.255 53.352)",
	'... with words read');

my $spans = q{SELECT s.name, s.kind, a.name, z.name, s.length_m, ST_AsText(s.geom, 6)
	FROM netstate.span s JOIN netstate.structure a ON a.id = s.a_structure_id JOIN netstate.structure z ON z.id = s.z_structure_id ORDER BY s.name};
my $expected = "S 1|trench|MH 2|MH 1|700.5|LINESTRING(-6.25 53.35,-6.26 53.35)\nS 2|aerial|MH 2|MH 3||LINESTRING(-6.25 53.35,-6.255 53.352)";
($done) = append('staging_span', "$dir/lines.gpkg", '-t_srs', 'EPSG:4326');
ok($done, 'spans come from a GeoPackage');
is($node->safe_psql('postgres', $spans), $expected, '... with ends by name and by place, from A to Z, without heights');

$node->safe_psql('postgres', 'DELETE FROM netstate.span');
($done) = append('staging_span', "$dir/lines.shp", '-t_srs', 'EPSG:4326', '-dialect', 'SQLite', '-sql',
	'SELECT geometry, name, kind, a_structur AS a_structure, z_structur AS z_structure, length_m FROM lines');
ok($done, 'spans come from a shapefile, its columns renamed');
is($node->safe_psql('postgres', $spans), $expected, '... the same');

# The second line of three is bad: nothing of the file stays.
my $bad = write_file('bad.csv', "name,lon,lat\nMH 4,1,1\nMH 1,1,2\nMH 5,1,3\n");
($done, $err) = append('staging_structure', $bad, '-oo', 'X_POSSIBLE_NAMES=lon', '-oo', 'Y_POSSIBLE_NAMES=lat', '-a_srs', 'EPSG:4326');
ok(!$done, 'a file with one bad line is refused');
like($err, qr/structure_name_is_unique/, '... with the reason');
is($node->safe_psql('postgres', 'SELECT count(*) FROM netstate.structure'), 3, '... and nothing of it stays');

# Out again.
($done) = ogr2ogr('-f', 'GeoJSON', "$dir/out.geojson", $database, 'netstate.staging_span', '-lco', 'COORDINATE_PRECISION=15');
ok($done, 'spans go out');
my $doc = slurp_file("$dir/out.geojson");
$node->safe_psql('postgres', 'CREATE TABLE before AS ' . $spans =~ s/a\.name, z\.name/a.name AS a, z.name AS z/r . '; DELETE FROM netstate.span');
$doc =~ s/'/''/g;
$node->safe_psql('postgres', "SELECT count(*) FROM netstate.import_geojson('$doc')");
is($node->safe_psql('postgres', $spans), $expected, '... and come in again by import_geojson');

# Tables with few columns take rows as they are.
my $areas = write_file('areas.geojson', <<'END');
{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"name": "plain", "kind": "flood"},
 "geometry": {"type": "Polygon", "coordinates": [[[-7, 53], [-6, 53], [-6, 54], [-7, 53]]]}}]}
END
($done) = append('hazard_area', $areas);
ok($done, 'hazard areas go into their table');
is($node->safe_psql('postgres', 'SELECT name, kind, id > 0 FROM netstate.hazard_area'), 'plain|flood|t', '... as they are');

$node->stop;
done_testing();
